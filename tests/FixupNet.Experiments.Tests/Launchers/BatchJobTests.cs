namespace FixupNet.Experiments.Tests.Launchers;

[Platform(Exclude = "Win", Reason = "the script is bash")]
internal sealed class BatchJobTests
{
    // Ends cleanly with work left when its input closes.
    private const string Patient = "cat >/dev/null; echo closed; exit 75";

    // The same, but takes a while: until somebody sends it another signal.
    private const string Slow = "trap 'exit 75' USR2; cat >/dev/null; echo closed; while :; do sleep 0.01; done";

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(64)]
    [TestCase(128)]
    public void Script_EndsAsItsWorkerDid_WhenThatIsFinal(int exitCode)
    {
        using var job = new BatchJob($"exit {exitCode}");

        Assert.That((job.End(), job.Asked), Is.EqualTo((exitCode, "")));
    }

    [Test]
    public void Script_IsQueuedAgain_WhenItsTimeRunsOut()
    {
        using var job = new BatchJob(Patient);

        job.Signal("USR1");

        Assert.That((job.End(), job.Asked), Is.EqualTo((75, "requeue 12_3")));
    }

    [Test]
    public void Script_IsQueuedAgain_WhenItsWorkerEndsWithWorkLeft()
    {
        using var job = new BatchJob("exit 75");

        Assert.That((job.End(), job.Asked), Is.EqualTo((75, "requeue 12_3")));
    }

    [Test]
    public void Script_IsQueuedAgain_WhenItsWorkerIsKilled()
    {
        using var job = new BatchJob("kill -KILL $$");

        Assert.That((job.End(), job.Asked), Is.EqualTo((137, "requeue 12_3")));
    }

    [Test]
    public void Script_IsNotQueuedAgain_WhenSlurmStopsIt()
    {
        using var job = new BatchJob(Patient);

        job.Signal("TERM");

        Assert.That((job.End(), job.Asked), Is.EqualTo((75, "")));
    }

    [Test]
    public void Script_IsNotQueuedAgain_WhenItIsCancelledWhileItEnds()
    {
        using var job = new BatchJob(Slow);
        job.Signal("USR1");
        job.WaitFor("closed");

        job.Signal("TERM");
        job.SignalWorker("USR2");

        Assert.That((job.End(), job.Asked), Is.EqualTo((75, "")));
    }

    [Test]
    public void Script_WaitsForItsWorker_HoweverManySignalsCome()
    {
        using var job = new BatchJob(Slow);
        for (var i = 0; i < 5; i++) job.Signal("USR1");
        job.WaitFor("closed");
        for (var i = 0; i < 5; i++) job.Signal("USR1");

        job.SignalWorker("USR2");

        Assert.That((job.End(), job.Asked), Is.EqualTo((75, "requeue 12_3")));
    }

    [TestCase(1, "requeue 12_3")]
    [TestCase(2, "")]
    public void Script_IsQueuedAgain_SoOftenAndNoOftener(int restarts, string expected)
    {
        using var job = new BatchJob("exit 75", restarts);

        Assert.That((job.End(), job.Asked), Is.EqualTo((75, expected)));
    }

    [Test]
    public void Script_LeavesNoTemporaryFiles()
    {
        using var job = new BatchJob("exit 0");

        job.End();

        Assert.That(job.Leftovers, Is.Empty);
    }
}
