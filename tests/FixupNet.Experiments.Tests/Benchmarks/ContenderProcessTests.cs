using System.Diagnostics;
using FixupNet.Experiments.Benchmarks;

namespace FixupNet.Experiments.Tests.Benchmarks;

[Platform(Exclude = "Win", Reason = "the contenders of these tests are shell scripts")]
internal sealed class ContenderProcessTests
{
    private const string Ready = """echo '{"version":"1.0"}';""";

    [Test]
    public void Run_AsksForARoundAndReadsTheAnswer()
    {
        using var contender = Start(Ready + """while read word seconds; do echo "{\"stepSeconds\":[$seconds],\"peakMemoryBytes\":7}"; done""");

        var (first, second) = (contender.Run(0.25), contender.Run(2));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(contender.Ready.Version, Is.EqualTo("1.0"));
            Assert.That(contender.FirstStepSeconds, Is.Positive);
            Assert.That(first.StepSeconds, Is.EqualTo(new[] { 0.25 }));
            Assert.That(second.StepSeconds, Is.EqualTo(new[] { 2.0 }));
            Assert.That(second.PeakMemoryBytes, Is.EqualTo(7));
        }
    }

    [Test]
    public void Start_TellsWhatTheProcessSaid_WhenItFails() =>
        Assert.That(() => Start("echo 'no memory' >&2; exit 3"), Throws.TypeOf<IOException>().With.Message.EqualTo("scripted ended with exit code 3: no memory"));

    [Test]
    public void Run_TellsWhatTheProcessSaid_WhenItEnds()
    {
        using var contender = Start(Ready + "read line; echo 'killed' >&2; exit 9");

        Assert.That(() => contender.Run(1), Throws.TypeOf<IOException>().With.Message.Contains("exit code 9: killed"));
    }

    [TestCase("hello")]
    [TestCase("null")]
    [TestCase("""{"stepSeconds":[]}""")]
    [TestCase("""{"stepSeconds":[],"peakMemoryBytes":1}""")]
    public void Run_RefusesOtherAnswers(string answer)
    {
        using var contender = Start($"{Ready} read line; echo '{answer}'; read line");

        Assert.That(() => contender.Run(1), Throws.TypeOf<IOException>().With.Message.StartsWith("scripted "));
    }

    [Test]
    public void Dispose_EndsTheProcess()
    {
        Process? process = null;
        var contender = new ContenderProcess(() => process = StartShell(Ready + "cat"), "scripted", TimeProvider.System);
        var id = process!.Id;

        contender.Dispose();

        Assert.That(() => Process.GetProcessById(id), Throws.ArgumentException);
    }

    private static ContenderProcess Start(string script) => new(() => StartShell(script), "scripted", TimeProvider.System);

    private static Process StartShell(string script) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
