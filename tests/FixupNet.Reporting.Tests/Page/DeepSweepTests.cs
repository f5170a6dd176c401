using System.Diagnostics;
using FixupNet.Reporting.Page;
using FixupNet.Reporting.Tests.Browser;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Page;

/// <summary>A sweep of networks of up to 10,000 layers: the page stays small, opens quickly and loses no spike.</summary>
[RequiresBrowser]
public sealed class DeepSweepTests
{
    private const int Layers = 10_000;
    private const int MostBytes = 10 << 20;

    [TestCase(true)]
    [TestCase(false)]
    public async Task Page_StaysSmallAndOpensQuickly(bool withCharts)
    {
        using var fixture = new SweepFixture();
        foreach (var depth in new[] { 10, 100, 1000, Layers })
            foreach (var variant in new[] { "fixup", "batchnorm", "plain" })
                foreach (var seed in new[] { 1, 2, 3 }) Fill(fixture, variant, depth, seed);
        await using var page = await TheBrowser.OpenAsync();
        var file = PageFile.Write(fixture, withCharts);

        var watch = Stopwatch.StartNew();
        await page.GoToAsync(file);
        await page.EvaluateAsync("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        watch.Stop();

        TestContext.Out.WriteLine($"{new FileInfo(file).Length / 1e6:F2} MB, open in {watch.ElapsedMilliseconds} ms");
        Assert.That(new FileInfo(file).Length, Is.LessThan(MostBytes));
        Assert.That(page.Complaints, Is.Empty);
    }

    [Test]
    public async Task Chart_KeepsTheSpikes()
    {
        if (!PageAssets.Embedded.HasCharts) Assert.Ignore("Built without uPlot: the build said why (FIXUP001).");
        using var fixture = new SweepFixture();
        foreach (var depth in new[] { 10, Layers }) Fill(fixture, "fixup", depth, 1);
        await using var page = await TheBrowser.OpenAsync();
        await page.GoToAsync(PageFile.Write(fixture));

        var seen = await page.EvaluateAsync("""
            fixupnet.drawAll(), (plot => [plot.data[0].length, Math.min(...plot.data[1].filter(y => y)), Math.max(...plot.data[1].filter(y => y)),
              plot.data[0][plot.data[1].indexOf(Math.max(...plot.data[1].filter(y => y)))]])(fixupnet.drawn["gradient-norms-chooser"].current.plot)
            """);

        Assert.That(seen[0].GetInt32(), Is.InRange(1000, 3000));
        Assert.That((seen[1].GetDouble(), seen[2].GetDouble()), Is.EqualTo((-12.0, 6.0)).Within(1e-6)); // logarithms
        Assert.That(seen[3].GetDouble(), Is.InRange(8761, 8770)); // ten layers share a row
    }

    private static void Fill(SweepFixture fixture, string variant, int depth, int seed)
    {
        var trial = fixture.Add(variant, depth, seed);
        trial.WriteSummary(SweepFixture.Completed(0.5));
        var random = new Random(seed + depth);
        using (var metrics = new JsonLinesWriter(trial.MetricsFile))
            for (var step = 0; step < 390; step += 10) metrics.Write(new MetricsLine(step, step, step / 390.0, MetricsSplit.Train, new MetricValues(("loss", random.NextDouble()), ("accuracy", 0.5)), AveragedSteps: 10));
        using var norms = new JsonLinesWriter(trial.GradientNormsFile);
        norms.Write(new GradientNormsHeader([.. Enumerable.Range(0, depth).Select(layer => $"layer{layer}.conv1")]));
        for (var step = 0; step < 390; step += 10)
        {
            double[] line = [.. Enumerable.Range(0, depth).Select(_ => 1e-3 * Math.Exp(6 * random.NextDouble()))]; // noise: the worst for the size
            if (depth == Layers) (line[4321], line[8765]) = (1e-12, 1e6);
            norms.Write(new GradientNormsLine(step, step / 390.0, 1, line));
        }
    }
}
