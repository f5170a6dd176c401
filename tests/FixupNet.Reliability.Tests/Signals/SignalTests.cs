using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using FixupNet.Reliability.Tests.Harness;

namespace FixupNet.Reliability.Tests.Signals;

/// <summary>Promise 14: TERM, INT, USR1 and HUP end a training after the step at hand, with a checkpoint and exit code 75; a second signal ends it at once.</summary>
internal sealed class SignalTests : ReliabilityTest
{
    private const int Interrupted = 75;

    private static readonly (string Name, int Number)[] s_signals = [("TERM", 15), ("INT", 2), ("USR1", 10), ("HUP", 1)];

    [TestCase(4)]
    [TestCase(100, Category = "Slow")]
    public void Signal_EndsWithACheckpoint_AtARandomTime(int count)
    {
        var trials = new Trials(Folder, "training.epochs=30", "checkpoint.everySteps=20");
        var interrupted = new ConcurrentBag<(string Signal, double Seconds)>();

        Cases.Check([.. Enumerable.Range(0, count)], number =>
        {
            var (signal, run) = (s_signals[number % s_signals.Length], trials.NewFolder());
            using var process = Child.Start(trials.Command(run));
            Thread.Sleep(trials.Undisturbed.Duration * new Random(number).NextDouble());
            var hadBegun = Directory.Exists(run);
            var sent = TimeProvider.System.GetTimestamp();
            ProgramRun.Signal(signal.Name, process.Id);
            var ended = Child.EndOf(process);
            if (ended.ExitCode == Interrupted) interrupted.Add((signal.Name, TimeProvider.System.GetElapsedTime(sent).TotalSeconds));
            return ProblemWithEnd(ended, run, hadBegun, signal.Number) ?? trials.ProblemAfterResuming(run);
        });

        // Of a few, all may come before the run began or after its end.
        if (count >= 100) RequireEachKind(interrupted.Select(item => item.Signal));
        Figures.Note(14,
            $"{count} signals (TERM, INT, USR1, HUP) at random times: {interrupted.Count} ended with 75 and a checkpoint, "
            + $"in {interrupted.Select(item => item.Seconds).DefaultIfEmpty().Max():F1} s at most; "
            + "the others came before the run began or after its end; 0 mismatches after resuming");
    }

    [Requires(Need.Strace)]
    [TestCase(1)]
    [TestCase(60, Category = "Slow")]
    public void Signal_EndsWithACheckpoint_AtASystemCall(int count)
    {
        var trials = new Trials(Folder);
        var points = Cases.Spread(trials.Undisturbed.Points, count);
        var interrupted = new ConcurrentBag<string>();

        Cases.Check([.. Enumerable.Range(0, points.Count)], number =>
        {
            var signal = s_signals[number % s_signals.Length];
            var (run, ended) = Strace.SignalledAt(points[number], signal.Name, trials.FromTheBeginning);
            if (ended.ExitCode == Interrupted) interrupted.Add(signal.Name);
            var problem = ProblemWithEnd(ended, run, hadBegun: true, signal.Number) ?? trials.ProblemAfterResuming(run);
            return problem is null ? null : $"SIG{signal.Name} at {points[number]}: {problem}";
        });

        if (points.Count >= 60) RequireEachKind(interrupted);
        Figures.Note(14, $"signals at {points.Count} system calls of training and saving: {interrupted.Count} ended with 75, 0 mismatches after resuming");
    }

    // The delay is strace's: what has ended stays with it for as long.
    [Requires(Need.Strace)]
    [Test, Category("Slow")]
    public void SecondSignal_EndsAtOnce_InTheMiddleOfSaving()
    {
        var trials = new Trials(Folder, "training.epochs=300", "training.evaluateEveryEpochs=300", "checkpoint.everySteps=null");
        var run = trials.NewFolder();
        var first = trials.Undisturbed.Points.First(point => point.Call == "mkdir" && point.Target.Contains(".tmp-"));
        using var process = Child.Start([.. Strace.Slowed(first, seconds: 10), .. trials.Command(run)]);
        WaitFor(Path.Combine(run, "metrics.jsonl"), process);
        ProgramRun.Signal("TERM", process.Id);
        WaitFor(Path.Combine(run, "checkpoints"), process);

        ProgramRun.Signal("TERM", process.Id);

        Assert.That(Child.EndOf(process).ExitCode, Is.EqualTo(128 + 2));
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(run, "checkpoints")).Select(Path.GetFileName), Is.All.StartsWith(".tmp-"));
        Assert.That(trials.ProblemAfterResuming(run), Is.Null);
        Figures.Note(14, "a second signal in the middle of saving ended the process at once, 0 mismatches after resuming");
    }

    private static void RequireEachKind(IEnumerable<string> interrupted) =>
        Assert.That(interrupted.Distinct(), Is.EquivalentTo(s_signals.Select(signal => signal.Name)));

    private static string? ProblemWithEnd(ProgramRun ended, string run, bool hadBegun, int signal)
    {
        // Before it listens the signal does what it does to every program; after it has ended there is nothing to interrupt.
        if (!hadBegun && ended.ExitCode == 128 + signal) return Directory.Exists(run) ? "it died of the signal in the middle" : null;
        if (ended.ExitCode == 0) return File.Exists(Path.Combine(run, "summary.json")) ? null : "it ended well without a result";
        if (ended.ExitCode != Interrupted) return $"exit code {ended.ExitCode}: {ended.Error}";
        if (!Directory.Exists(run)) return null;
        var status = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "status.json")))!;
        var (state, step) = (status["state"]!.GetValue<string>(), status["step"]!.GetValue<long>());
        if (state != "interrupted") return $"status.json says {state}";
        return Trials.StepOfLatest(run) == step ? null : $"{step} steps were made, {Trials.StepOfLatest(run)} are saved";
    }

    private static void WaitFor(string path, Process process)
    {
        while (!Path.Exists(path))
        {
            Assert.That(process.HasExited, Is.False);
            Thread.Sleep(1);
        }
    }
}
