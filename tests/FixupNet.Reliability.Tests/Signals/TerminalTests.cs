using FixupNet.Reliability.Tests.Harness;

namespace FixupNet.Reliability.Tests.Signals;

/// <summary>A terminal that is closed under a training: it saves and ends with 75, or goes on where it is told to ignore the hangup.</summary>
[Requires(Need.Python)]
internal sealed class TerminalTests : ReliabilityTest
{
    // Closing its master hangs the terminal up: whoever leads the session and whoever is in the foreground get SIGHUP, and all writing fails.
    private const string ClosedTerminal = """
        import os, pty, select, sys
        sign, command = sys.argv[1], sys.argv[2:]
        child, terminal = pty.fork()
        if child == 0:
            os.execvp(command[0], command)
        while not os.path.exists(sign) or os.path.getsize(sign) == 0:
            if select.select([terminal], [], [], 0.01)[0]:
                os.read(terminal, 4096)
        os.close(terminal)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) % 256)
        """;

    private Trials NewTrials() => new(Folder, "training.epochs=100", "training.evaluateEveryEpochs=100", "checkpoint.everySteps=null");

    [Test]
    public void ClosedTerminal_EndsWithACheckpoint()
    {
        var trials = NewTrials();
        var run = trials.NewFolder();

        var ended = InClosedTerminal(run, trials.Command(run));

        Assert.That(ended.ExitCode, Is.EqualTo(75), ended.Error);
        Assert.That(Trials.StepOfLatest(run), Is.Positive);
        Assert.That(trials.ProblemAfterResuming(run), Is.Null);
    }

    // Its result could not be printed in the end, which 74 tells.
    [Test]
    public void ClosedTerminal_ChangesNothing_WhereHangupsAreIgnored()
    {
        var trials = NewTrials();
        var run = trials.NewFolder();

        var ended = InClosedTerminal(run, ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh", .. trials.Command(run)]);

        Assert.That(ended.ExitCode, Is.EqualTo(74), ended.Error);
        Assert.That(trials.ProblemWithEnded(run), Is.Null);
    }

    private static ProgramRun InClosedTerminal(string run, IReadOnlyList<string> command) =>
        Child.Run(["python3", "-c", ClosedTerminal, Path.Combine(run, "metrics.jsonl"), .. command], new Dictionary<string, string> { ["TERM"] = "xterm", ["CI"] = "" });
}
