using System.Diagnostics;
using System.Text;
using FixupNet.Experiments;
using FixupNet.Experiments.Sweeps;
using FixupNet.Reliability.Tests.Harness;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reliability.Tests.Sweeps;

/// <summary>A test of workers that are processes of their own.</summary>
internal abstract class SweepTest : ReliabilityTest
{
    private readonly List<Process> _started = [];

    [TearDown]
    public void EndProcesses()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.Dispose();
        }
        _started.Clear();
    }

    /// <summary>Brings a sweep of tiny networks, one a seed, onto the disk.</summary>
    /// <param name="name">Its folder.</param>
    /// <param name="trialCount">How many.</param>
    /// <param name="epochs">Of 32 steps each, about a millisecond a step.</param>
    protected SweepDirectory CreateSweep(string name, int trialCount, int epochs) => CreateSweep(name, $$"""
        { "name": "tiny", "seeds": [{{string.Join(',', Enumerable.Range(1, trialCount))}}],
          "base": { "dataset": { "name": "synthetic-shapes", "trainExamples": 256, "testExamples": 8 }, "model": { "name": "resnet-cifar", "depth": 8, "width": 2 },
            "training": { "epochs": {{epochs}}, "batchSize": 8 }, "checkpoint": { "everySteps": 40 }, "record": { "metricsEverySteps": 1 } } }
        """);

    /// <summary>Brings a sweep onto the disk.</summary>
    protected SweepDirectory CreateSweep(string name, string document)
    {
        var file = Write($"{name}.json", document);
        var plan = SweepPlan.Load(file, [], ProductRegistries.All);
        // Each in a folder of its own: a sweep takes over equal trials of those beside it.
        var sweep = new SweepDirectory(At($"{name}/sweep"));
        Directory.CreateDirectory(sweep.Root);
        SweepFolder.Create(sweep, plan, Encoding.UTF8.GetBytes(document));
        return sweep;
    }

    /// <summary>Starts the program; what still runs at the end of the test is killed.</summary>
    protected Process Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = ProgramRun.Start(ProgramRun.Program, arguments, environment);
        _started.Add(process);
        return process;
    }

    /// <summary>Starts a worker.</summary>
    protected Process StartWorker(SweepDirectory sweep, params IEnumerable<string> options) => Start(["sweep", "worker", sweep.Root, "--threads", "1", .. options]);

    /// <summary>Waits until something is so.</summary>
    /// <returns>After how many seconds it was.</returns>
    protected static double WaitUntil(Func<bool> isSo, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromMinutes(5)), $"{what} has not come about.");
            Thread.Sleep(10);
        }
        return watch.Elapsed.TotalSeconds;
    }

    /// <summary>Number of the process that a worker trains in (Linux).</summary>
    protected static int ChildOf(Process process) => int.Parse(File.ReadAllText($"/proc/{process.Id}/task/{process.Id}/children").Split(' ')[0]);

    /// <summary>All lines of all workers' journals.</summary>
    protected static IReadOnlyList<SweepEvent> Journals(SweepDirectory sweep) =>
        [.. Directory.GetFiles(sweep.JournalFolder).SelectMany(SweepJournal.Read)];

    /// <summary>How often each trial was written down as completed, in the order of the plan.</summary>
    protected static IEnumerable<int> CompletedCounts(SweepDirectory sweep)
    {
        var completed = Journals(sweep).Where(line => line is { Event: SweepEventKind.Ended, State: TrialState.Completed }).ToLookup(line => line.Trial);
        return sweep.ReadPlan().Select(line => completed[line.Index].Count());
    }

    /// <summary>What every trial of a sweep computed.</summary>
    protected static IReadOnlyList<RunFingerprint> ResultsOf(SweepDirectory sweep) => [.. sweep.ReadPlan().Select(line => RunFingerprint.Of(sweep.Trial(line).Root))];

    /// <summary>What the same sweep computes when one worker runs it, undisturbed.</summary>
    protected IReadOnlyList<RunFingerprint> SerialResults(Func<string, SweepDirectory> create)
    {
        var serial = create("serial");
        var run = ProgramRun.EndOf(StartWorker(serial));
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        return ResultsOf(serial);
    }
}
