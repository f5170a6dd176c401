using System.Text.Json;
using FixupNet.Reporting.Tests.Browser;

namespace FixupNet.Reporting.Tests.Page;

/// <summary>The chooser of gradient norms in a real browser: what it draws is what the records say.</summary>
[RequiresBrowser]
public sealed class GradientChooserTests : RichPageTests
{
    private const double CodePrecision = 0.0061; // of a power of ten: half a code, and three digits
    private const string Chooser = "fixupnet.drawn['gradient-norms-chooser']";
    [SetUp]
    public async Task Draw()
    {
        await DrawAsync();
        await Page.EvaluateAsync("""
            window.choose = (name, text) => { const element = document.querySelector(`[data-control=${name}]`);
              element.value = [...element.options].find(option => option.textContent === text).value; element.dispatchEvent(new Event("change")); },
            window.view = name => document.querySelector(`[name=norms-view][value=${name}]`).click(),
            window.step = index => { const element = document.querySelector("[data-control=step]"); element.value = index; element.dispatchEvent(new Event("input")); }
            """);
    }

    [TearDown]
    public void CheckComplaints() => Assert.That(Page?.Complaints ?? [], Is.Empty);

    [Test]
    public async Task Methods_StandInOneChart_AtTheDeepestNetworkAndTheLastStep()
    {
        var labels = await TextsAsync($"{Chooser}.current.chart.curves.map(curve => curve.label)");
        var title = await TextAsync("document.querySelector('figure.wide h4').textContent");

        Assert.That(labels, Is.EqualTo(new[] { "fixup, learningRate=0.01", "fixup, learningRate=0.1", "plain, learningRate=0.01", "plain, learningRate=0.1" }));
        Assert.That(title, Is.EqualTo("Gradient norm of every layer: depth 110, seed 1, step 20"));
    }

    [Test]
    public async Task Lines_KeepTinyZeroAndNonFiniteNorms()
    {
        var norms = await NumbersAsync($"{Chooser}.current.plot.data[4].filter(value => typeof value === 'number')"); // plain, learningRate=0.1
        var strange = await TextsAsync($"{Chooser}.current.chart.curves[3].lines[0].nonFinite.map(point => point.join(' '))");
        await Page.EvaluateAsync("step(0)");
        var zeros = await NumbersAsync($"{Chooser}.current.chart.curves[0].lines[0].zeros");

        var expected = Enumerable.Range(0, 5).Select(layer => RichSweep.Norm("plain", 20, layer)).Where(double.IsFinite).Select(Math.Log10);
        Assert.That(norms, Is.EqualTo(expected).Within(CodePrecision));
        Assert.That(strange, Is.EqualTo(new[] { "3 NaN", "4 Infinity" }));
        Assert.That(zeros, Is.EqualTo(new[] { 1, 2, 3, 4 }));
    }

    [Test]
    public async Task Slider_GoesThroughTheRecordedSteps_AndNothingElseMoves()
    {
        const string Scale = $"JSON.stringify([{Chooser}.current.plot.scales.y.min, {Chooser}.current.plot.scales.y.max])";
        var (scale, hidden) = (await TextAsync(Scale), "document.querySelector('figure.wide .legend button').getAttribute('aria-pressed')");
        await Page.EvaluateAsync("document.querySelector('figure.wide .legend button').click(), document.querySelector('[data-control=step]').focus()");

        await Page.PressAsync("ArrowLeft");
        var (title, output) = (await TextAsync("document.querySelector('figure.wide h4').textContent"), await TextAsync("document.querySelector('output').textContent"));

        Assert.That((title, output), Is.EqualTo(("Gradient norm of every layer: depth 110, seed 1, step 10", "10 of 20")));
        Assert.That((await TextAsync(Scale), await TextAsync(hidden)), Is.EqualTo((scale, "false")));
    }

    [Test]
    public async Task Steps_AreCurvesOfOneNetwork_FromDarkToLight()
    {
        await Page.EvaluateAsync("view('steps'), choose('method', 'plain, learningRate=0.01'), choose('place', '20'), choose('seed', '2')");

        var labels = await TextsAsync($"{Chooser}.current.chart.curves.map(curve => curve.label)");
        var light = await NumbersAsync($"{Chooser}.current.chart.curves.map(curve => [1, 3, 5].reduce((sum, at) => sum + parseInt(curve.style.light.slice(at, at + 2), 16), 0))");

        Assert.That(labels, Is.EqualTo(new[] { "step 0", "step 10", "step 20" }));
        Assert.That(light, Is.Ordered.And.Unique);
        Assert.That(await TextAsync("document.querySelector('figure.wide h4').textContent"), Does.EndWith("plain, learningRate=0.01, depth 20, seed 2"));
    }

    [Test]
    public async Task Map_HoldsEveryNorm()
    {
        await Page.EvaluateAsync("view('map'), choose('method', 'plain, learningRate=0.1')");

        var codes = await Page.EvaluateAsync($"[...{Chooser}.current.chart.codes].map(code => code === 1 ? 0 : code === 65535 ? 'NaN' : code === 65534 ? 'Infinity' : maps.exponent(code))");

        var expected = new[] { 0, 10, 20 }.SelectMany(step => Enumerable.Range(0, 5).Select(layer => RichSweep.Norm("plain", step, layer)));
        Assert.That(codes.EnumerateArray().Select(Read), Is.EqualTo(expected.Select(norm => norm == 0 || !double.IsFinite(norm) ? norm : Math.Log10(norm))).Within(CodePrecision));
    }

    [Test]
    public async Task ANorm_StandsAgainstDepth_WithAllSeeds()
    {
        await Page.EvaluateAsync("view('axis'), choose('norm', 'Gradient norm of the last layer')");

        var points = await TextsAsync($"{Chooser}.current.chart.curves[0].lines[0].x.map((place, index) => place + ' ' + {Chooser}.current.chart.curves[0].lines[0].y[index])");
        var dots = await NumbersAsync($"{Chooser}.current.chart.curves.map(curve => curve.dots.length)");

        var norm = RichSweep.Norm("fixup", 20, 4);
        Assert.That(points, Is.EqualTo(new[] { $"20 {norm:G3}", $"110 {norm:G3}" }));
        Assert.That(dots, Is.All.EqualTo(4)); // two depths and two seeds
        Assert.That(await TextAsync("document.querySelector('figure.wide h4').textContent"), Is.EqualTo("Gradient norm of the last layer against depth, step 20"));
    }

    [Test]
    public async Task Readout_NamesTheLayer()
    {
        var text = await TextAsync($$"""
            (plot => { plot.setCursor({ left: plot.valToPos(5, "x"), top: 50 });
              return {{NextFrame}}.then(() => document.querySelector("figure.wide .readout").textContent); })({{Chooser}}.current.plot)
            """);

        Assert.That(text, Does.StartWith("layer 5 fc – fixup, learningRate=0.01: 0.105 · "));
    }

    [Test]
    public async Task Axis_NamesTinyNormsByTheirPower()
    {
        var labels = await Page.EvaluateAsync($"(plot => plot.axes[1]._values.map((label, index) => [label, plot.axes[1]._splits[index]]))({Chooser}.current.plot)");

        var pairs = labels.EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetDouble())).ToList();
        Assert.That(pairs.Select(pair => pair.Item1), Is.SupersetOf(new[] { "1e−30", "1e−20", "1e−10" }));
        Assert.That(pairs.Select(pair => pair.Item1), Is.EqualTo(pairs.Select(pair => $"1e{pair.Item2}".Replace('-', '−'))));
    }

    private async Task<string> TextAsync(string expression) => (await Page.EvaluateAsync(expression)).GetString()!;

    private async Task<List<string>> TextsAsync(string expression) => [.. (await Page.EvaluateAsync(expression)).EnumerateArray().Select(text => text.GetString()!)];

    private async Task<List<double>> NumbersAsync(string expression) => [.. (await Page.EvaluateAsync(expression)).EnumerateArray().Select(Read)];

    private static double Read(JsonElement value) => value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!) : value.GetDouble();
}
