using FixupNet.Experiments.Trials;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Finds the trials of a sweep that another build of this program trained: numbers of changed code are not those of this one.</summary>
public static class OtherBuilds
{
    /// <summary>Finds the trials.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="plan">Its trials.</param>
    /// <returns>Those that another build worked on, the trial's last such build with each, in the order of the plan.</returns>
    /// <exception cref="IOException">A record cannot be read.</exception>
    public static IReadOnlyList<(PlanLine Line, SourceRecord Source)> Find(SweepDirectory sweep, IReadOnlyList<PlanLine> plan) =>
        [.. plan.Select(line => (line, Of(sweep.Trial(line)))).Where(pair => pair.Item2 is not null).Select(pair => (pair.line, pair.Item2!))];

    /// <summary>The last other build that worked on a trial.</summary>
    /// <param name="trial">The trial.</param>
    /// <returns>The build; null where this one alone did, or nothing is recorded.</returns>
    /// <exception cref="IOException">The record cannot be read.</exception>
    public static SourceRecord? Of(TrialDirectory trial)
    {
        try
        {
            return trial.ReadEnvironment()?.Sources.LastOrDefault(source => !source.IsSameBuild(ProgramSource.Current));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
