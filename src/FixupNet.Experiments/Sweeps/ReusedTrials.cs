using FixupNet.Runs;
using FixupNet.Runs.Files;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Takes trials over from sweeps beside a sweep, so that one that has grown by a value or a seed trains only what is new.</summary>
public static class ReusedTrials
{
    /// <summary>Copies the trials that are due here and were trained, or begun, in another sweep; each copy says where it is from.</summary>
    /// <param name="runsFolder">The folder that holds the other sweeps.</param>
    /// <param name="sweep">The sweep, with its configurations written.</param>
    /// <param name="clock">Tells the time.</param>
    /// <returns>The trials that were copied, each with the name of the sweep it is from.</returns>
    /// <exception cref="RunDirectoryInUseException">Another sweep is training some of them at this moment.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static IReadOnlyList<(PlanLine Line, string Sweep)> Take(string runsFolder, SweepDirectory sweep, TimeProvider clock)
    {
        var due = sweep.ReadPlan().Where(line => IsDue(sweep.Trial(line))).ToList();
        if (due.Count == 0) return [];
        var known = KnownTrials.Find(runsFolder, sweep, due, line => File.ReadAllText(sweep.Trial(line).ConfigFile), clock).ToDictionary(trial => trial.Line);
        RequireNoneHeld([.. known.Values.Where(trial => trial.IsHeld)]);
        var taken = new List<(PlanLine, string)>();
        QuietTrials.Change(sweep, known.Keys, clock, line =>
        {
            var source = known[line];
            if (!IsDue(sweep.Trial(line)) || !TryCopy(source, sweep, clock)) return;
            taken.Add((line, NameOf(source.Sweep)));
        });
        return taken;
    }

    /// <summary>Finds the trials that <see cref="Take"/> would copy; changes nothing.</summary>
    /// <param name="runsFolder">The folder that holds the sweeps.</param>
    /// <param name="plan">The sweep, which need not be on the disk yet.</param>
    /// <param name="clock">Tells the time.</param>
    /// <returns>By the number of the trial: the name of the sweep that holds it, and whether it has ended there.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static IReadOnlyDictionary<int, (string Sweep, bool HasEnded)> Find(string runsFolder, SweepPlan plan, TimeProvider clock)
    {
        var sweep = SweepFolder.Of(runsFolder, plan);
        var due = plan.Trials.Select(SweepFolder.Line).Where(line => TrialStates.Read(sweep.Trial(line)) == TrialState.Pending).ToList();
        return KnownTrials.Find(runsFolder, sweep, due, line => plan.Trials[line.Index].ConfigJson, clock).Where(known => !known.IsHeld)
            .ToDictionary(known => known.Line.Index, known => (NameOf(known.Sweep), TrialStates.HasEnded(known.State)));
    }

    private static bool IsDue(TrialDirectory trial) => TrialStates.Read(trial) == TrialState.Pending && File.Exists(trial.ConfigFile);

    private static string NameOf(SweepDirectory sweep) => Path.GetFileName(Path.GetFullPath(sweep.Root));

    private static void RequireNoneHeld(IReadOnlyList<KnownTrial> held)
    {
        if (held.Count == 0) return;
        throw new RunDirectoryInUseException(
            held[0].Sweep.Root,
            $"it trains {held.Count} of this sweep's trials, which would be trained twice: wait until it has ended, or \"fixupnet sweep stop {held[0].Sweep.Root}\", and run this again; "
            + "with --no-reuse they are trained here all the same");
    }

    private static bool TryCopy(KnownTrial source, SweepDirectory sweep, TimeProvider clock)
    {
        if (TrialStates.HasEnded(source.State))
        {
            Copy(source, sweep, clock);
            return true;
        }
        try
        {
            // Nobody is to go on with it while it is copied.
            using var ownership = RunDirectoryLock.Acquire(source.Trial.Root);
            Copy(source, sweep, clock);
            return true;
        }
        catch (Exception error) when (error is RunDirectoryInUseException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Copy(KnownTrial source, SweepDirectory sweep, TimeProvider clock)
    {
        var trial = sweep.Trial(source.Line);
        // A name that no trial has, in case this process dies.
        var copy = new TrialDirectory(Path.Combine(sweep.TrialsFolder, $".{source.Line.Directory}.copy"));
        if (Directory.Exists(copy.Root)) Directory.Delete(copy.Root, recursive: true);
        CopyFolder(source.Trial.Root, copy.Root);
        RunJson.WriteFile(copy.ReusedFile, new ReusedRecord(Path.GetFullPath(source.Trial.Root), NameOf(source.Sweep), clock.GetUtcNow(), source.State));
        CopyPatches(source, sweep);
        Directory.Delete(trial.Root, recursive: true);
        Directory.Move(copy.Root, trial.Root);
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        // Locks and temporary files begin with a dot.
        foreach (var file in Directory.EnumerateFiles(from).Where(file => !Path.GetFileName(file).StartsWith('.'))) CopyFile(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from)) CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
    }

    private static void CopyFile(string from, string to)
    {
        using var content = File.OpenRead(from);
        DurableFile.Write(to, content.CopyTo);
    }

    // What was changed in the sources of the builds that trained it lies beside the sweep.
    private static void CopyPatches(KnownTrial source, SweepDirectory sweep)
    {
        foreach (var patch in Directory.EnumerateFiles(source.Sweep.Root, "source-*.patch"))
        {
            var copy = Path.Combine(sweep.Root, Path.GetFileName(patch));
            if (!File.Exists(copy)) CopyFile(patch, copy);
        }
    }
}
