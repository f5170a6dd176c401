using FixupNet.Reliability.Tests.Harness;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reliability.Tests.Slurm;

/// <summary>A sweep whose workers Slurm starts, and its serial twin.</summary>
/// <param name="cluster">The Slurm.</param>
/// <param name="document">The sweep's document.</param>
/// <param name="folder">Folder for both.</param>
internal sealed class LaunchedSweep(SlurmCluster cluster, string document, string folder)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <summary>The sweep that Slurm works on.</summary>
    internal SweepDirectory Sweep => new(Directory.GetDirectories(Path.Combine(folder, "slurm")).Single());

    /// <summary>What the batch scripts and their workers said.</summary>
    internal string Logs => string.Join("\n", Directory.GetFiles(Sweep.LaunchFolder, "*.log").Order().Select(File.ReadAllText));

    /// <summary>All lines of all journals.</summary>
    internal IReadOnlyList<SweepEvent> Journal => [.. Directory.GetFiles(Sweep.JournalFolder, "*.jsonl").SelectMany(SweepJournal.Read)];

    /// <summary>Submits its workers.</summary>
    /// <param name="options">Options of the launcher.</param>
    /// <returns>The command's output.</returns>
    internal string Submit(params IEnumerable<string> options) =>
        cluster.Ask([ProgramRun.Program, "sweep", "run", document, "--output", Path.Combine(folder, "slurm"), "--launcher", "slurm", .. options]);

    /// <summary>Runs it serially, without Slurm.</summary>
    internal void RunSerially()
    {
        using var process = ProgramRun.Start(
            ProgramRun.Program, ["sweep", "run", document, "--output", Path.Combine(folder, "serial")], new Dictionary<string, string> { ["OMP_NUM_THREADS"] = "1" });
        var run = ProgramRun.EndOf(process);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
    }

    /// <summary>Waits until no job is left.</summary>
    internal void WaitForEnd() => WaitFor("the end of all jobs", () => cluster.Ask("squeue", "--noheader").Trim().Length == 0);

    /// <summary>Waits until Slurm's workers train the trials of several processes: each has done steps since it was last started.</summary>
    /// <param name="count">How many trials.</param>
    internal void WaitForTraining(int count)
    {
        var before = Steps();
        WaitFor($"training of {count} trials", () => Steps().Zip(before).Count(pair => pair.First > pair.Second) >= count);
    }

    /// <summary>Waits until something holds.</summary>
    /// <param name="what">What, for the message.</param>
    /// <param name="holds">Whether it does.</param>
    internal void WaitFor(string what, Func<bool> holds)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!holds())
        {
            if (clock.Elapsed > s_limit) Assert.Fail($"No {what} after {s_limit}.\n{cluster.Run("squeue").Output}\n{Logs}\n{cluster.Logs()}");
            Thread.Sleep(100);
        }
    }

    /// <summary>Holds each trial against its twin.</summary>
    /// <returns>Trials, all of them equal.</returns>
    internal int RequireSameBits()
    {
        var serial = new SweepDirectory(Directory.GetDirectories(Path.Combine(folder, "serial")).Single());
        var plan = serial.ReadPlan();
        using (Assert.EnterMultipleScope())
        {
            foreach (var line in plan)
            {
                Assert.That(Sweep.Trial(line).ReadState(), Is.EqualTo(TrialState.Completed), Logs);
                Assert.That(RunFingerprint.Of(Sweep.Trial(line).Root).DifferenceTo(RunFingerprint.Of(serial.Trial(line).Root)), Is.Null, line.Name);
            }
            Assert.That(Journal.Where(line => line.State == TrialState.Completed).Select(line => line.Trial), Is.EquivalentTo(plan.Select(line => line.Index)), "each is completed once");
        }
        return plan.Count;
    }

    private List<long> Steps() => [.. Sweep.ReadPlan().Select(line => Sweep.Trial(line).ReadStatus()?.Step ?? 0)];
}
