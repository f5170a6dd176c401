using FixupNet.Runs;
using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>What became of trials that were to be repeated.</summary>
/// <param name="Due">Trials that are due again.</param>
/// <param name="HeldCount">Trials left alone: a worker holds them that may live.</param>
/// <param name="KeptCount">Trials whose records were moved to <see cref="SweepDirectory.ReplacedFolder"/>.</param>
public sealed record RepeatedTrialCounts(IReadOnlyList<PlanLine> Due, int HeldCount, int KeptCount);

/// <summary>Makes trials due again, whatever they came to.</summary>
public static class RepeatedTrials
{
    /// <summary>Makes trials due: one that failed goes on from its last checkpoint; of every other one the folder is set aside, and it begins
    /// anew. Trials that a worker holds which may live are left alone.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="lines">The trials.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="anew">Whether those that failed begin anew as well.</param>
    /// <exception cref="IOException">A file cannot be changed.</exception>
    public static RepeatedTrialCounts Reset(SweepDirectory sweep, IReadOnlyList<PlanLine> lines, TimeProvider clock, bool anew = false)
    {
        var (due, keptCount) = (new List<PlanLine>(), 0);
        var heldCount = QuietTrials.Change(sweep, lines, clock, line =>
        {
            if (Reset(sweep, line, anew)) keptCount++;
            due.Add(line);
        });
        return new(due, heldCount, keptCount);
    }

    // Whether records were set aside.
    private static bool Reset(SweepDirectory sweep, PlanLine line, bool anew)
    {
        var trial = sweep.Trial(line);
        var state = TrialStates.Read(trial);
        if (state == TrialState.Failed && !anew)
        {
            File.Delete(trial.SummaryFile);
            File.Delete(trial.StatusFile);
            return false;
        }
        if (state == TrialState.Pending) return false;
        var kept = FreeFolder(sweep, line);
        Directory.CreateDirectory(sweep.ReplacedFolder);
        Directory.Move(trial.Root, kept.Root);
        // Should this process die between the two, the worker that takes the trial writes its configuration anew.
        Directory.CreateDirectory(trial.Root);
        if (File.Exists(kept.ConfigFile)) DurableFile.WriteAllBytes(trial.ConfigFile, File.ReadAllBytes(kept.ConfigFile));
        return true;
    }

    private static TrialDirectory FreeFolder(SweepDirectory sweep, PlanLine line)
    {
        var number = 1;
        while (Directory.Exists(Folder(number))) number++;
        return new TrialDirectory(Folder(number));

        string Folder(int repetition) => Path.Combine(sweep.ReplacedFolder, $"{line.Directory}.{repetition}");
    }
}
