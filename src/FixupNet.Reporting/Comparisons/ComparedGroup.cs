using FixupNet.Reporting.Results;
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

    /// <summary>Two groups in which values that differ by rounding alone are the same.</summary>
    public static (ComparedGroup One, ComparedGroup Other) Joined(ComparedGroup one, ComparedGroup other)
    {
        var numbers = Rounding.Joined([.. one.Numbers, .. other.Numbers]);
        return (one.With(numbers.Take(one.Values.Count)), other.With(numbers.Skip(one.Values.Count)));
    }

    /// <summary>The values of seeds that another group has too, ordered by seed.</summary>
    public double[] PairedWith(ComparedGroup other)
    {
        var seeds = other.Values.Select(pair => pair.Seed).ToHashSet();
        return [.. Values.Where(pair => seeds.Contains(pair.Seed)).OrderBy(pair => pair.Seed).Select(pair => pair.Value)];
    }

    /// <summary>The group as the report shows it.</summary>
    /// <param name="compared">Those of its values that were compared.</param>
    public ComparisonSide Describe(double[] compared) =>
        new(PlannedSeeds.Count, compared.Length, Sample.Mean(compared), Sample.StandardDeviation(compared), LeftOut);

    /// <summary>Whether both groups were planned with the same seeds. The plan decides, not what came of it: a test that is chosen by the
    /// results would not keep its error rate.</summary>
    public bool HasSeedsOf(ComparedGroup other) => PlannedSeeds.Count > 1 && PlannedSeeds.ToHashSet().SetEquals(other.PlannedSeeds);

    private ComparedGroup With(IEnumerable<double> numbers) =>
        this with { Values = [.. Values.Zip(numbers, (pair, number) => (pair.Seed, number))] };

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
