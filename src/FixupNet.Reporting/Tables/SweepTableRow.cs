using System.Text.Json;
using System.Text.Json.Serialization;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tables;

/// <summary>What the trials of a sweep that differ in their seed only have shown together.</summary>
/// <param name="Parameters">Values of the table's keys, in their order.</param>
/// <param name="SeedCount">Trials planned.</param>
/// <param name="States">How many trials are in which state.</param>
/// <param name="FirstDivergence">The earliest divergence.</param>
/// <param name="DeadCount">Completed trials whose layers but the last had gradients of exactly 0 from some step to the end.</param>
/// <param name="Tests">Metrics at the last test by their names, over the trials that count.</param>
/// <param name="TrainLoss">Mean of the last training losses, over the trials that count, else over all that ended; need not be
/// finite.</param>
/// <param name="FirstLayerGradientNorm">Median over the trials that ended, at their last recorded step; need not be finite.</param>
/// <param name="LastLayerGradientNorm">Median over the trials that ended, at their last recorded step; need not be finite.</param>
/// <param name="ElapsedSeconds">Mean over the trials that ended.</param>
/// <param name="ImagesPerSecond">Mean over the trials that ended.</param>
/// <param name="PeakMemoryBytes">Largest over the trials that ended.</param>
/// <param name="ExamplesPerSecond">Mean over the trials that ended; null where examples are images.</param>
/// <param name="WaitedShare">Mean over the trials that ended; null where no trial read its examples while it trained.</param>
/// <remarks>The trials that count are those that completed; where none did, those that were stopped, by a time limit for example.
/// The metrics are of the last test and not of the best, for choosing the best by test examples would flatter it.</remarks>
public sealed record SweepTableRow(
    IReadOnlyDictionary<string, JsonElement> Parameters,
    int SeedCount,
    IReadOnlyDictionary<TrialState, int> States,
    DivergenceRecord? FirstDivergence,
    int DeadCount,
    [property: JsonIgnore] IReadOnlyDictionary<string, MetricStatistics> Tests,
    double? TrainLoss,
    double? FirstLayerGradientNorm,
    double? LastLayerGradientNorm,
    double? ElapsedSeconds,
    double? ImagesPerSecond,
    long? PeakMemoryBytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? ExamplesPerSecond = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? WaitedShare = null)
{
    /// <summary>A metric at the last test; null where no trial that counts has it.</summary>
    /// <param name="metric">Name of the metric.</param>
    public MetricStatistics? Test(string metric) => Tests.GetValueOrDefault(metric);
}
