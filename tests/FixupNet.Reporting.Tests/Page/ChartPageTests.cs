using System.Text.Json;
using FixupNet.Reporting.Tests.Browser;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Page;

/// <summary>The page in a real browser: what its charts have drawn is read back, from pixels to values, and compared with the run's records.</summary>
[RequiresBrowser]
public sealed class ChartPageTests : RichPageTests
{
    private const double PixelPrecision = 0.01; // of a value: half a pixel of 300, on these axes

    [TestCase("light")]
    [TestCase("dark")]
    public async Task Page_DrawsEveryFigure_WithoutComplaintOrRequest(string scheme)
    {
        await Page.PreferAsync(scheme);

        await Page.GoToAsync(PageFile.Write(Fixture));
        var counts = await Page.EvaluateAsync("fixupnet.drawAll(), [Object.keys(fixupnet.data).length + 1, Object.keys(fixupnet.drawn).length, document.querySelectorAll('figure').length]");

        var numbers = counts.EnumerateArray().Select(count => count.GetInt32()).ToList();
        Assert.That(numbers, Is.All.EqualTo(numbers[0]).And.All.GreaterThan(8));
        Assert.That(Page.Complaints, Is.Empty);
        Assert.That(Page.Requests, Has.Count.EqualTo(1).And.All.StartsWith("file:"));
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
            .Select(trial => (trial.Curve, trial.Depth, trial.Summary.Test!["accuracy"]!.Value * 100));
        Assert.That(drawn, Is.EquivalentTo(expected).Using<(string, double, double)>(NearCurvesBesideEachOther));
    }

    [Test]
    public async Task Accuracy_HasMeanSeedsAndIntervalAtOnePlace()
    {
        await DrawAsync();

        var places = await Page.EvaluateAsync("""
            (drawn => drawn.means.map(mean => [mean.left, ...drawn.dots.filter(dot => dot.curve === mean.curve && Math.abs(dot.left - mean.left) < 60).map(dot => dot.left),
              ...drawn.intervals.filter(interval => interval.curve === mean.curve && interval.x === mean.x).map(interval => interval.left)]))(fixupnet.drawn["accuracy-against-depth"].drawn)
            """);

        var all = places.EnumerateArray().Select(mean => mean.EnumerateArray().Select(left => left.GetDouble()).ToList()).ToList();
        Assert.That(all.Select(mean => mean.Count), Is.All.EqualTo(4).And.Exactly(7).Items); // mean, two seeds, interval; one combination diverged
        Assert.That(all.Select(mean => mean.Max() - mean.Min()), Is.All.EqualTo(0));
    }

    [Test]
    public async Task DivergedTrials_AreCountedAtTheirDepth()
    {
        await DrawAsync();

        var crosses = await PointsAsync("fixupnet.drawn['accuracy-against-depth'].drawn.crosses.map(cross => [cross.curve, cross.x, cross.count])");

        var expected = Summaries().Where(trial => trial.Summary.State == TrialState.Diverged).CountBy(trial => (trial.Curve, trial.Depth))
            .Select(count => (count.Key.Curve, count.Key.Depth, (double)count.Value));
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
            .Where(line => double.IsFinite(line.Values.Loss)).Select(line =>
                ($"{trial.Curve} {(line.Split == MetricsSplit.Test ? "test" : "training")} seed {trial.Seed}", line.Epoch, line.Values.Loss)));
        Assert.That(drawn, Is.EquivalentTo(expected).Using<(string, double, double)>(Near));
    }

    [Test]
    public async Task Charts_AnswerToTheKeyboard()
    {
        await DrawAsync();
        await Page.EvaluateAsync("document.querySelector('[data-figure=\"accuracy-against-depth\"] .plot').focus()");

        await Page.PressAsync("ArrowRight");
        await Page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        var readout = await Page.EvaluateAsync("document.querySelector('[data-figure=\"accuracy-against-depth\"] .readout').textContent");
        await Page.PressAsync("+", "+");
        var isZoomed = await Page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done((plot => plot.scales.x.max - plot.scales.x.min)(fixupnet.drawn['accuracy-against-depth'].plot)))))");

        Assert.That(readout.GetString(), Does.StartWith("depth 20 – learningRate=0.01, fixup: ").Or.StartWith("depth 20 – fixup, learningRate=0.01: "));
        Assert.That(isZoomed.GetDouble(), Is.LessThan(0.5)); // of the 0.83 between the logarithms of the depths
    }

    [Test]
    public async Task Theme_ChangesByTheButton()
    {
        await Page.PreferAsync("light");
        await DrawAsync();
        const string Ground = "getComputedStyle(document.body).backgroundColor";
        var before = await Page.EvaluateAsync(Ground);

        await Page.EvaluateAsync("document.getElementById('theme').click()");

        Assert.That((before.GetString(), (await Page.EvaluateAsync(Ground)).GetString()), Is.EqualTo(("rgb(255, 255, 255)", "rgb(20, 23, 27)")));
        Assert.That(Page.Complaints, Is.Empty);
    }

    [Test]
    public async Task Table_SortsByValue()
    {
        await DrawAsync();

        var sorted = await Page.EvaluateAsync("""
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

        var cells = await Page.EvaluateAsync("[...document.querySelector('table.sortable').tBodies[0].rows].map(row => [...row.cells].slice(0, 5).map(cell => cell.textContent.trim()).join('|'))");

        var expected = Summaries().GroupBy(trial => (trial.Depth, trial.Curve)).Select(group =>
        {
            var accuracies = group.Where(trial => trial.Summary.State == TrialState.Completed).Select(trial => trial.Summary.Test!["accuracy"]!.Value * 100).ToList();
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

        var rows = await Page.EvaluateAsync("""
            new Promise(done => { const details = document.querySelector('[data-figure="accuracy-against-depth"] details.data'); details.open = true;
            setTimeout(() => done([...details.querySelectorAll("tbody tr")].filter(row => row.cells[1].textContent === "one trial").length), 100); })
            """);

        Assert.That(rows.GetInt32(), Is.EqualTo(Summaries().Count(trial => trial.Summary.State == TrialState.Completed)));
    }

    private async Task<List<(string, double, double)>> PointsAsync(string expression) =>
        [.. (await Page.EvaluateAsync(expression)).EnumerateArray().Select(point => (point[0].GetString()!, Read(point[1]), Read(point[2])))];

    private IEnumerable<(string Curve, double Depth, long Seed, Runs.TrialDirectory Directory)> Trials() => Fixture.Sweep.ReadPlan().Select(line =>
        ($"{line.Overrides["model.variant"].GetString()}, learningRate={line.Overrides["optimizer.learningRate"].GetRawText()}",
            line.Overrides["model.depth"].GetDouble(), line.Seed, Fixture.Sweep.Trial(line)));

    private IEnumerable<(string Curve, double Depth, TrialSummary Summary)> Summaries() =>
        Trials().Select(trial => (trial.Curve, trial.Depth, JsonSerializer.Deserialize<TrialSummary>(File.ReadAllText(trial.Directory.SummaryFile), Runs.Json.RunJson.Compact)!));

    private static double Read(JsonElement value) => value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!) : value.GetDouble();

    private static bool NearCurvesBesideEachOther((string Curve, double X, double Y) drawn, (string Curve, double X, double Y) expected) =>
        Near(drawn with { X = 1 }, expected with { X = 1 }) && Math.Abs(drawn.X / expected.X - 1) < 0.05;

    private static bool Near((string Curve, double X, double Y) drawn, (string Curve, double X, double Y) expected) =>
        drawn.Curve == expected.Curve && Math.Abs(drawn.X / expected.X - 1) < PixelPrecision && Math.Abs(drawn.Y / expected.Y - 1) < PixelPrecision;
}
