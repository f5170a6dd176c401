using FixupNet.Runs;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>A trial of another sweep that computes just what one of this sweep is to compute.</summary>
/// <param name="Line">The trial of this sweep.</param>
/// <param name="Trial">The other one.</param>
/// <param name="Sweep">The other sweep.</param>
/// <param name="State">Where the other one stands.</param>
/// <param name="IsHeld">Whether a worker holds it that may live.</param>
internal sealed record KnownTrial(PlanLine Line, TrialDirectory Trial, SweepDirectory Sweep, TrialState State, bool IsHeld);

/// <summary>Finds trials of a sweep among those of the sweeps beside it: what is trained is in the hash that ends a trial's name.</summary>
internal static class KnownTrials
{
    /// <summary>Finds them.</summary>
    /// <param name="runsFolder">The folder of all runs.</param>
    /// <param name="sweep">The sweep.</param>
    /// <param name="lines">The trials to look for.</param>
    /// <param name="configOf">The configuration of each.</param>
    /// <param name="clock">Measures silence of workers.</param>
    /// <returns>The best one of each: of this build before another, one that has ended before one that was left off.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyList<KnownTrial> Find(string runsFolder, SweepDirectory sweep, IReadOnlyCollection<PlanLine> lines, Func<PlanLine, string> configOf, TimeProvider clock)
    {
        var byHash = lines.ToLookup(line => HashOf(line));
        var found = new List<KnownTrial>();
        foreach (var other in SweepFolder.All(runsFolder).Where(other => !IsSame(other, sweep)))
        {
            TrialOwners? owners = null;
            foreach (var theirs in Plan(other))
            {
                foreach (var line in byHash[HashOf(theirs)])
                {
                    if (owners is null) (owners = new TrialOwners(other, clock)).Refresh();
                    if (Compare(line, configOf(line), theirs, other, owners) is { } known) found.Add(known);
                }
            }
        }
        return [.. found.GroupBy(known => known.Line).Select(group => group.MinBy(Rank)!)];
    }

    /// <summary>The hash of what a trial trains.</summary>
    public static string HashOf(PlanLine line) => line.Directory.Split('-')[^1];

    private static bool IsSame(SweepDirectory one, SweepDirectory other) => Path.GetFullPath(one.Root) == Path.GetFullPath(other.Root);

    private static IReadOnlyList<PlanLine> Plan(SweepDirectory sweep)
    {
        try
        {
            return sweep.ReadPlan();
        }
        catch (InvalidDataException)
        {
            // Another sweep's damage is no reason not to run this one.
            return [];
        }
    }

    private static KnownTrial? Compare(PlanLine line, string config, PlanLine theirs, SweepDirectory other, TrialOwners owners)
    {
        var trial = other.Trial(theirs);
        // The hash in the name is short.
        if (!File.Exists(trial.ConfigFile) || File.ReadAllText(trial.ConfigFile) != config) return null;
        var state = TrialStates.Read(trial);
        if (state is TrialState.Completed or TrialState.Diverged or TrialState.Stopped) return new(line, trial, other, state, IsHeld: false);
        var isHeld = owners.Find(theirs) is { Life: not WorkerLife.Dead };
        return isHeld || state is TrialState.Interrupted or TrialState.Running ? new(line, trial, other, state, isHeld) : null;
    }

    private static int Rank(KnownTrial known) =>
        (known.IsHeld ? 4 : 0) + (TrialStates.HasEnded(known.State) ? 0 : 2) + (OtherBuilds.Of(known.Trial) is null ? 0 : 1);
}
