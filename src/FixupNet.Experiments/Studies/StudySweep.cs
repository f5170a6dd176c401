namespace FixupNet.Experiments.Studies;

/// <summary>A sweep whose trials have ended, for studies that ask no network but what many of them came to.</summary>
/// <param name="Metric">What scores are, by the name of the metric that chooses the best test.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="IsHigherBetter">Which scores are better.</param>
/// <param name="Trials">The trials that completed or diverged.</param>
public sealed record StudySweep(string Metric, string Unit, bool IsHigherBetter, IReadOnlyList<StudySweepTrial> Trials)
{
    /// <summary>−1 where scores were turned round so that the greater is the better.</summary>
    public int Sign => IsHigherBetter ? 1 : -1;
}

/// <summary>A trial of a sweep.</summary>
/// <param name="Parameters">Values of the grid's keys, as JSON writes them, without the seed.</param>
/// <param name="Score">The last test's value, turned round where less is better.</param>
public sealed record StudySweepTrial(IReadOnlyDictionary<string, string> Parameters, double Score);
