using System.Text.Json;
using FixupNet.Reporting.Page;
using FixupNet.Reporting.Tests.Browser;
using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Page;

/// <summary>The page in a real browser: what its charts have drawn is read back, from pixels to values, and compared with the run's records.</summary>
[RequiresBrowser]
public sealed class ChartPageTests
{
    private const double PixelPrecision = 0.01; // of a value: half a pixel of 300, on these axes
    private SweepFixture _fixture = null!;
    private BrowserPage _page = null!;

    [SetUp]
    public async Task OpenPage()
    {
        if (!PageAssets.Embedded.HasCharts) Assert.Ignore("Built without uPlot: the build said why (FIXUP001).");
        _fixture = new SweepFixture();
        RichSweep.Fill(_fixture);
        _page = await TheBrowser.OpenAsync();
    }

    [TearDown]
    public async Task ClosePage()
    {
        if (_page is not null) await _page.DisposeAsync();
        _fixture?.Dispose();
    }

    [TestCase("light")]
    [TestCase("dark")]
    public async Task Page_DrawsEveryFigure_WithoutComplaintOrRequest(string scheme)
    {
        await _page.PreferAsync(scheme);

        await _page.GoToAsync(PageFile.Write(_fixture));
        var counts = await _page.EvaluateAsync("fixupnet.drawAll(), [Object.keys(fixupnet.data).length, Object.keys(fixupnet.drawn).length, document.querySelectorAll('figure').length]");

        var numbers = counts.EnumerateArray().Select(count => count.GetInt32()).ToList();
        Assert.That(numbers, Is.All.EqualTo(numbers[0]).And.All.GreaterThan(15));
        Assert.That(_page.Complaints, Is.Empty);
        Assert.That(_page.Requests, Has.Count.EqualTo(1).And.All.StartsWith("file:"));
    }

    [Test]
    public async Task Accuracy_IsDrawnWhereTheRecordsSay()
    {
        await DrawAsync();

        var drawn = await PointsAsync("""
            fixupnet.drawn["accuracy-against-depth"].drawn.dots.map(dot => [dot.curve,
              10 ** fixupnet.drawn["accuracy-against-depth"].plot.posToVal(dot.left - fixupnet.drawn["accuracy-against-depth"].plot.bbox.left, "x"),
              fixupnet.drawn["accuracy-against-depth"].plot.posToVal(dot.top - fixupnet.drawn["accuracy-against-depth"].plot.bbox.top, "y")])
            """);

        var expected = Summaries().Where(trial => trial.Summary.State == TrialState.Completed)
            .Select(trial => (trial.Curve, trial.Depth, trial.Summary.Test!.Accuracy * 100));
        Assert.That(drawn, Is.EquivalentTo(expected).Using<(string, double, double)>(Near));
    }

    [Test]
    public async Task DivergedTrials_AreCrossesAtTheirDepth()
    {
        await DrawAsync();

        var crosses = await PointsAsync("fixupnet.drawn['accuracy-against-depth'].drawn.crosses.map(cross => [cross.curve, cross.x, 0])");

        var expected = Summaries().Where(trial => trial.Summary.State == TrialState.Diverged).Select(trial => (trial.Curve, trial.Depth, 0.0));
        Assert.That(crosses, Is.EquivalentTo(expected));
    }

    [Test]
    public async Task TrainingCurves_HoldEveryRecordedLoss()
    {
        await DrawAsync();

        var drawn = await PointsAsync("""
            fixupnet.drawn["loss-depth-110"].drawn.lines.flatMap((line, index) => fixupnet.drawn["loss-depth-110"].plot.data[index + 1]
              .map((value, at) => [line.curve.label + " " + line.name, fixupnet.drawn["loss-depth-110"].plot.data[0][at], value]).filter(point => typeof point[2] === "number")
              .map(point => [point[0], point[1], 10 ** point[2]]))
            """);

        var expected = Trials().Where(trial => trial.Depth == 110).SelectMany(trial => JsonLinesReader.ReadAll<MetricsLine>(trial.Directory.MetricsFile)
            .Where(line => double.IsFinite(line.Loss)).Select(line =>
                ($"{trial.Curve} {(line.Split == MetricsSplit.Test ? "test" : "training")} seed {trial.Seed}", line.Epoch, line.Loss)));
        Assert.That(drawn, Is.EquivalentTo(expected).Using<(string, double, double)>(Near));
    }

    [Test]
    public async Task GradientNorms_KeepTinyZeroAndNonFiniteOnes()
    {
        const string Name = "gradient-norms-at-steps-3-plain-learningrate-0-1-depth-110";
        await DrawAsync();

        var line = await PointsAsync($$"""
            (chart => chart.plot.data[3].map((value, at) => ["", chart.plot.data[0][at], value]).filter(point => typeof point[2] === "number").map(point => ["", point[1], 10 ** point[2]]))(fixupnet.drawn["{{Name}}"])
            """);
        var strange = await _page.EvaluateAsync($"fixupnet.drawn['{Name}'].drawn.nonFinite.map(point => Math.round(fixupnet.drawn['{Name}'].plot.posToVal(point.left - fixupnet.drawn['{Name}'].plot.bbox.left, 'x')))");
        var zeros = await _page.EvaluateAsync("fixupnet.drawn['gradient-norms-at-steps-0-fixup-learningrate-0-01-depth-110'].drawn.zeros.length");

        var expected = Enumerable.Range(0, 5).Select(layer => ("", layer + 1.0, RichSweep.Norm("plain", 20, layer))).Where(point => double.IsFinite(point.Item3));
        Assert.That(line, Is.EquivalentTo(expected).Using<(string, double, double)>(Near));
        Assert.That(strange.EnumerateArray().Select(layer => layer.GetInt32()), Is.EqualTo(new[] { 3, 4 }));
        Assert.That(zeros.GetInt32(), Is.EqualTo(4));
    }

    [Test]
    public async Task Axis_NamesTinyNormsByTheirPower()
    {
        await DrawAsync();

        var labels = await _page.EvaluateAsync("""
            (plot => plot.axes[1]._values.map((label, index) => [label, plot.axes[1]._splits[index]]))(fixupnet.drawn["gradient-norms-at-steps-3-plain-learningrate-0-1-depth-110"].plot)
            """);

        var pairs = labels.EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetDouble())).ToList();
        Assert.That(pairs.Select(pair => pair.Item1), Is.SupersetOf(new[] { "1e−30", "1e−20", "1e−10" }));
        Assert.That(pairs.Select(pair => pair.Item1), Is.EqualTo(pairs.Select(pair => $"1e{pair.Item2}".Replace('-', '−'))));
    }

    [Test]
    public async Task HeatMap_HoldsEveryNorm()
    {
        await DrawAsync();

        var codes = await _page.EvaluateAsync("[...fixupnet.drawn['gradient-norm-map-3-plain-learningrate-0-1-depth-110'].codes].map(code => code === 1 ? 0 : code === 65535 ? 'NaN' : code === 65534 ? 'Infinity' : maps.exponent(code))");

        var expected = new[] { 0, 10, 20 }.SelectMany(step => Enumerable.Range(0, 5).Select(layer => RichSweep.Norm("plain", step, layer)));
        Assert.That(codes.EnumerateArray().Select(Read), Is.EqualTo(expected.Select(norm => norm == 0 || !double.IsFinite(norm) ? norm : Math.Log10(norm))).Within(0.0051)); // half a code
    }

    [Test]
    public async Task Charts_AnswerToTheKeyboard()
    {
        await DrawAsync();
        await _page.EvaluateAsync("document.querySelector('[data-figure=\"accuracy-against-depth\"] .plot').focus()");

        await _page.PressAsync("ArrowRight");
        await _page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        var readout = await _page.EvaluateAsync("document.querySelector('[data-figure=\"accuracy-against-depth\"] .readout').textContent");
        await _page.PressAsync("+", "+");
        var isZoomed = await _page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done((plot => plot.scales.x.max - plot.scales.x.min)(fixupnet.drawn['accuracy-against-depth'].plot)))))");

        Assert.That(readout.GetString(), Does.StartWith("depth 20 – learningRate=0.01, fixup: ").Or.StartWith("depth 20 – fixup, learningRate=0.01: "));
        Assert.That(isZoomed.GetDouble(), Is.LessThan(0.5)); // of the 0.83 between the logarithms of the depths
    }

    [Test]
    public async Task Theme_ChangesByTheButton()
    {
        await _page.PreferAsync("light");
        await DrawAsync();
        const string Ground = "getComputedStyle(document.body).backgroundColor";
        var before = await _page.EvaluateAsync(Ground);

        await _page.EvaluateAsync("document.getElementById('theme').click()");

        Assert.That((before.GetString(), (await _page.EvaluateAsync(Ground)).GetString()), Is.EqualTo(("rgb(255, 255, 255)", "rgb(20, 23, 27)")));
        Assert.That(_page.Complaints, Is.Empty);
    }

    [Test]
    public async Task Table_SortsByValue()
    {
        await DrawAsync();

        var sorted = await _page.EvaluateAsync("""
            (() => { const table = document.querySelector("table.sortable"), column = [...table.tHead.rows[0].cells].findIndex(cell => cell.textContent.trim() === "seconds");
            const read = () => [...table.tBodies[0].rows].map(row => Number(row.cells[column].dataset.value));
            table.tHead.rows[0].cells[column].firstElementChild.click(); const up = read(); table.tHead.rows[0].cells[column].firstElementChild.click(); return [up, read()]; })()
            """);

        var (up, down) = (sorted[0].EnumerateArray().Select(Read).ToList(), sorted[1].EnumerateArray().Select(Read).ToList());
        Assert.That(up, Is.Ordered.And.Count.EqualTo(8));
        Assert.That(down, Is.Ordered.Descending.And.EquivalentTo(up));
    }

    [Test]
    public async Task Table_AgreesWithTheRecords()
    {
        await DrawAsync();

        var cells = await _page.EvaluateAsync("[...document.querySelector('table.sortable').tBodies[0].rows].map(row => [...row.cells].slice(0, 5).map(cell => cell.textContent.trim()).join('|'))");

        var expected = Summaries().GroupBy(trial => (trial.Depth, trial.Curve)).Select(group =>
        {
            var accuracies = group.Where(trial => trial.Summary.State == TrialState.Completed).Select(trial => trial.Summary.Test!.Accuracy * 100).ToList();
            var parts = group.Key.Curve.Split(", learningRate=");
            var deviation = accuracies.Count < 2 ? 0 : Math.Abs(accuracies[0] - accuracies[1]) / Math.Sqrt(2); // of two values
            var accuracy = accuracies.Count == 0 ? "" : FormattableString.Invariant($"{accuracies.Average():F2} ± {deviation:F2}");
            return $"{group.Key.Depth}|{parts[0]}|{parts[1]}|{accuracies.Count}|{accuracy}";
        });
        Assert.That(cells.EnumerateArray().Select(row => row.GetString()), Is.EquivalentTo(expected));
    }

    [Test]
    public async Task DataTable_ShowsTheDrawnPoints()
    {
        await DrawAsync();

        var rows = await _page.EvaluateAsync("""
            new Promise(done => { const details = document.querySelector('[data-figure="accuracy-against-depth"] details.data'); details.open = true;
            setTimeout(() => done([...details.querySelectorAll("tbody tr")].filter(row => row.cells[1].textContent === "one trial").length), 100); })
            """);

        Assert.That(rows.GetInt32(), Is.EqualTo(Summaries().Count(trial => trial.Summary.State == TrialState.Completed)));
    }

    private async Task DrawAsync()
    {
        await _page.GoToAsync(PageFile.Write(_fixture));
        await _page.EvaluateAsync("fixupnet.drawAll(), new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
    }

    private async Task<List<(string, double, double)>> PointsAsync(string expression) =>
        [.. (await _page.EvaluateAsync(expression)).EnumerateArray().Select(point => (point[0].GetString()!, Read(point[1]), Read(point[2])))];

    private IEnumerable<(string Curve, double Depth, long Seed, Runs.TrialDirectory Directory)> Trials() => _fixture.Sweep.ReadPlan().Select(line =>
        ($"{line.Overrides["model.variant"].GetString()}, learningRate={line.Overrides["optimizer.learningRate"].GetRawText()}",
            line.Overrides["model.depth"].GetDouble(), line.Seed, _fixture.Sweep.Trial(line)));

    private IEnumerable<(string Curve, double Depth, TrialSummary Summary)> Summaries() =>
        Trials().Select(trial => (trial.Curve, trial.Depth, JsonSerializer.Deserialize<TrialSummary>(File.ReadAllText(trial.Directory.SummaryFile), Runs.RunJson.Compact)!));

    private static double Read(JsonElement value) => value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!) : value.GetDouble();

    private static bool Near((string Curve, double X, double Y) drawn, (string Curve, double X, double Y) expected) =>
        drawn.Curve == expected.Curve && Math.Abs(drawn.X / expected.X - 1) < PixelPrecision && Math.Abs(drawn.Y / expected.Y - 1) < PixelPrecision;
}
