using FixupNet.Reporting.Statistics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Comparisons;

/// <summary>A group's values of a metric, by seed, and the trials that have none that counts.</summary>
/// <param name="PlannedSeeds">Seeds of all its trials.</param>
/// <param name="Values">A finite value a seed, in the order of the plan.</param>
/// <param name="LeftOut">The other trials.</param>
internal sealed record ComparedGroup(
    IReadOnlyList<long> PlannedSeeds, IReadOnlyList<(long Seed, double Value)> Values, IReadOnlyList<LeftOutTrial> LeftOut)
{
    /// <summary>Values without their seeds.</summary>
    public double[] Numbers => [.. Values.Select(pair => pair.Value)];

    /// <summary>Takes a metric from the trials that count, as in the sweep's table.</summary>
    public static ComparedGroup Of(SweepGroup group, ComparisonMetric metric)
    {
        var counting = group.Counting();
        var values = new List<(long, double)>();
        var leftOut = new List<LeftOutTrial>();
        foreach (var trial in group.Trials)
        {
            var value = trial.Summary is { } summary ? metric.Of(summary) : null;
            if (counting.Contains(trial) && value is { } number && double.IsFinite(number)) values.Add((trial.Plan.Seed, number));
            else leftOut.Add(LeftOutOf(trial, counting.Contains(trial) ? $"{metric.Name} is {value?.ToString() ?? "not recorded"}" : null));
        }
        return new ComparedGroup([.. group.Trials.Select(trial => trial.Plan.Seed)], values, leftOut);
    }

    /// <summary>The group as the report shows it.</summary>
    public ComparisonSide Describe() =>
        new(PlannedSeeds.Count, Values.Count, Sample.Mean(Numbers), Sample.StandardDeviation(Numbers), LeftOut);

    /// <summary>Whether both groups were planned with the same seeds. The plan decides, not what came of it: a test that is chosen by the
    /// results would not keep its error rate.</summary>
    public bool HasSeedsOf(ComparedGroup other) => PlannedSeeds.Count > 1 && PlannedSeeds.ToHashSet().SetEquals(other.PlannedSeeds);

    private static LeftOutTrial LeftOutOf(SweepTrial trial, string? reason)
    {
        var state = trial.Summary?.State ?? trial.Directory.ReadState();
        return new LeftOutTrial(trial.Plan.Name, state, reason ?? state switch
        {
            TrialState.Diverged when trial.Summary?.Divergence is { } divergence => $"diverged at step {divergence.Step}",
            TrialState.Pending or TrialState.Running or TrialState.Interrupted => $"{state.ToString().ToLowerInvariant()}, has not ended",
            _ => state.ToString().ToLowerInvariant(),
        });
    }
}
