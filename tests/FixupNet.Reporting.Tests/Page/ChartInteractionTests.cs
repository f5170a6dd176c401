using FixupNet.Reporting.Tests.Browser;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Page;

/// <summary>What a reader does with a chart: hide a curve, read a place, look at an axis.</summary>
[RequiresBrowser]
public sealed class ChartInteractionTests : RichPageTests
{
    [TestCase("accuracy-against-depth")]
    [TestCase("loss-depth-110")]
    public async Task Legend_HidesOneCurve_AndKeepsTheAxes(string figure)
    {
        await DrawAsync();
        await Page.EvaluateAsync($"{Plot(figure)}.setScale('y', {{ min: 0.1, max: 0.9 }}), {NextFrame}"); // as a zoom does

        await Page.EvaluateAsync($"document.querySelector('[data-figure={figure}] .legend button').click(), {NextFrame}");
        var (hidden, pressed) = (await ScaleAsync(figure), await PressedAsync(figure));
        await Page.EvaluateAsync($"document.querySelector('[data-figure={figure}] .legend button').focus()");
        await Page.PressAsync(" ", " ");
        await Page.EvaluateAsync(NextFrame);
        var (shown, pressedAgain) = (await ScaleAsync(figure), await PressedAsync(figure));

        Assert.That((hidden, shown), Is.EqualTo(("0.1 0.9 false", "0.1 0.9 true")));
        Assert.That((pressed, pressedAgain), Is.EqualTo(("false", "true")));
        Assert.That(Page.Complaints, Is.Empty);
    }

    [Test]
    public async Task Line_BreaksAtZeros_ThoughOtherLinesHavePointsBetween()
    {
        using var fixture = new SweepFixture();
        Write(fixture, "fixup", [1, 0, 0, 0, 0, 0.5]);
        Write(fixture, "plain", [1, 1, 1, 1, 1, 1]);
        await Page.GoToAsync(PageFile.Write(fixture));

        var values = await Page.EvaluateAsync("""
            fixupnet.drawAll(), (plot => plot.data[1].map((value, index) => [plot.data[0][index], value === null ? "gap" : value === undefined ? "joined" : "point"])
              .map(([layer, kind]) => `${layer} ${kind}`))(fixupnet.drawn["gradient-norms-chooser"].current.plot)
            """);

        Assert.That(values.EnumerateArray().Select(value => value.GetString()), Has.None.Contain("joined").And.One.EqualTo("1 point").And.One.EqualTo("6 point"));
    }

    [Test]
    public async Task Point_ThatNoLineReaches_IsMarked()
    {
        using var fixture = new SweepFixture();
        foreach (var (variant, lineCount) in new[] { ("fixup", 3), ("plain", 1) })
        {
            using var metrics = new JsonLinesWriter(fixture.Add(variant, 20, 1).MetricsFile);
            for (var step = 0; step < lineCount; step++) metrics.Write(new MetricsLine(step, step, step / 3.0, MetricsSplit.Train, new MetricValues(("loss", 2), ("accuracy", 0.1))));
        }
        await Page.GoToAsync(PageFile.Write(fixture));

        var marked = await Page.EvaluateAsync($"fixupnet.drawAll(), {NextFrame}.then(() => fixupnet.drawn['loss'].drawn.marks.map(mark => mark.curve))");

        Assert.That(marked.EnumerateArray().Select(curve => curve.GetString()), Has.One.EqualTo("plain training"));
    }

    [Test]
    public async Task Readout_TellsEverySeries()
    {
        await DrawAsync();
        var curves = await Page.EvaluateAsync("fixupnet.data['loss-depth-110'].curves.map(curve => curve.label)");

        var texts = await Page.EvaluateAsync($$"""
            (plot => { plot.setCursor({ left: plot.valToPos(1, "x"), top: 50 }); return {{NextFrame}}.then(() => document.querySelector("[data-figure=loss-depth-110] .readout").textContent); })({{Plot("loss-depth-110")}})
            """);

        Assert.That(texts.GetString(), Does.StartWith("epoch 1 – "));
        Assert.That(curves.EnumerateArray().Select(curve => curve.GetString()!).Where(curve => !texts.GetString()!.Contains($"{curve}: ", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Axes_SayThatTheyAreLogarithmic()
    {
        await DrawAsync();

        var labels = await Page.EvaluateAsync($"{Plot("loss-depth-110")}.axes.map(axis => axis.label).concat({Plot("accuracy-against-depth")}.axes.map(axis => axis.label))");

        Assert.That(labels.EnumerateArray().Select(label => label.GetString()),
            Is.EqualTo(new[] { "epoch", "loss (cross-entropy), log scale", "depth (layers), log scale", "test accuracy (%)" }));
    }

    [Test]
    public async Task Axis_NamesConfigurations_WhereNoKeyIsANumber()
    {
        using var fixture = new SweepFixture();
        foreach (var variant in new[] { "fixup", "plain" }) fixture.Add(1, ("model.variant", variant)).WriteSummary(SweepFixture.Completed(0.5));
        await Page.GoToAsync(PageFile.Write(fixture));

        var names = await Page.EvaluateAsync($"fixupnet.drawAll(), {NextFrame}.then(() => {Plot("accuracy-by-configuration")}.axes[0]._values)");

        Assert.That(names.EnumerateArray().Select(name => name.GetString()), Is.EqualTo(new[] { "fixup", "plain" }));
    }

    [Test]
    public async Task Axis_SlantsNamesThatHaveNoRoom()
    {
        using var fixture = new SweepFixture();
        string[] schemes = ["delta-orthogonal-of-a-very-long-name", "zero-last-layer", "branch-scale", "orthogonal", "he-fan-out", "he-fan-in", "batchnorm", "normfree"];
        foreach (var scheme in schemes) fixture.Add(1, ("initialization.name", scheme)).WriteSummary(SweepFixture.Completed(0.5));
        await Page.SizeAsync(400, 900);
        await Page.GoToAsync(PageFile.Write(fixture));

        var axis = await Page.EvaluateAsync($"fixupnet.drawAll(), {NextFrame}.then(() => (axis => [axis._rotate, axis._size, ...axis._values])({Plot("accuracy-by-configuration")}.axes[0]))");

        var values = axis.EnumerateArray().ToList();
        Assert.That((values[0].GetInt32(), values[1].GetInt32() > 120), Is.EqualTo((60, true)));
        Assert.That(values.Skip(2).Select(name => name.GetString()), Is.EqualTo(schemes.Skip(1).Prepend("delta-orthogonal-of-a-ver…")));
    }

    private static string Plot(string figure) => $"fixupnet.drawn['{figure}'].plot";

    private static void Write(SweepFixture fixture, string variant, double[] norms)
    {
        using var writer = new JsonLinesWriter(fixture.Add(variant, 20, 1).GradientNormsFile);
        writer.Write(new GradientNormsHeader([.. norms.Select((_, layer) => $"layer{layer}")]));
        writer.Write(new GradientNormsLine(0, 0, 1, norms));
    }

    private async Task<string?> PressedAsync(string figure) =>
        (await Page.EvaluateAsync($"document.querySelector('[data-figure={figure}] .legend button').getAttribute('aria-pressed')")).GetString();

    private async Task<string?> ScaleAsync(string figure) =>
        (await Page.EvaluateAsync($"(plot => [plot.scales.y.min, plot.scales.y.max, plot.series[1].show].join(' '))({Plot(figure)})")).GetString();
}
