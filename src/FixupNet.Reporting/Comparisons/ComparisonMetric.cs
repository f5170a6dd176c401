using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Comparisons;

/// <summary>One number of a trial's result that can be compared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsShare">Whether it is a fraction, which people read in percent.</param>
/// <param name="Of">Its value; null where the trial has none.</param>
/// <param name="Caution">What a reader must know, or null.</param>
public sealed record ComparisonMetric(string Name, bool IsShare, Func<TrialSummary, double?> Of, string? Caution = null)
{
    /// <summary>All metrics; the first is the usual one.</summary>
    public static IReadOnlyList<ComparisonMetric> All { get; } =
    [
        new("test-accuracy", true, summary => summary.Test?.Accuracy),
        new("test-loss", false, summary => summary.Test?.Loss),
        new("best-test-accuracy", true, summary => summary.Best?.TestAccuracy,
            "best-test-accuracy chose its epoch by the test set, which flatters both sides; test-accuracy is of the last epoch."),
        new("train-accuracy", true, summary => summary.Train?.Accuracy),
        new("train-loss", false, summary => summary.Train?.Loss),
        new("seconds", false, summary => summary.ElapsedSeconds),
        new("images-per-second", false, summary => summary.ImagesPerSecond),
        new("peak-memory-bytes", false, summary => summary.PeakMemoryBytes),
    ];
}
