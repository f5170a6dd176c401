using FixupNet.Reporting.Comparisons;
using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Tests.Comparisons;

/// <summary>Compares groups of a sweep that each test fills.</summary>
internal abstract class ComparisonTests
{
    private SweepFixture _sweep = null!;

    protected SweepFixture Sweep => _sweep;

    [SetUp]
    public void CreateSweep() => _sweep = new SweepFixture();

    [TearDown]
    public void DeleteSweep() => _sweep.Dispose();

    protected ComparisonReport Compare(
        string baseline, string other, ComparisonTest test = ComparisonTest.Auto, string metric = "test-accuracy", IReadOnlyList<string>? by = null) =>
        SweepComparison.Run(new(
            Selection(_sweep, $"model.variant={baseline}"), [Selection(_sweep, $"model.variant={other}")],
            ComparisonMetric.All.Single(entry => entry.Name == metric), test, Correction.Holm, by));

    protected static ComparisonSelection Selection(SweepFixture sweep, string? values) =>
        ComparisonSelection.Parse(values is null ? sweep.Sweep.Root : $"{sweep.Sweep.Root}:{values}");

    // Student's sleep, in tenths, so that it looks like accuracies.
    protected void AddSleep(int seedShift = 0)
    {
        for (var i = 0; i < 10; i++)
        {
            Add("plain", 20, i + 1, 0.4 + Statistics.Published.FirstDrug[i] / 10);
            Add("fixup", 20, i + 1 + seedShift, 0.4 + Statistics.Published.SecondDrug[i] / 10);
        }
    }

    protected void Add(string variant, int depth, int seed, double accuracy) => _sweep.Add(variant, depth, seed).WriteSummary(SweepFixture.Completed(accuracy));
}
