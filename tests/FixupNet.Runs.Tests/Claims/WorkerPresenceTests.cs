using FixupNet.Runs.Claims;
using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Tests.Claims;

public sealed class WorkerPresenceTests : TemporaryFolderTests
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(30);

    private ClaimsDirectory Claims => new(At("claims"));

    [Test]
    public void Announce_TellsOfTheWorker()
    {
        using var presence = WorkerPresence.Announce(Claims, s_lease, "here");

        var record = Claims.ReadWorker(presence.Worker)!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(record, Is.EqualTo(new WorkerRecord(presence.Worker, Environment.MachineName, "here", Environment.ProcessId, 30, WorkerRecord.FirstBeat)));
            Assert.That(presence.Host, Is.EqualTo("here"));
            Assert.That(presence.Worker, Does.Match($"^[a-z0-9-]+-{Environment.ProcessId}-[0-9a-f]{{8}}$"));
        }
    }

    // People look for the machine when a worker hangs.
    [Test]
    public void Announce_NamesTheWorkerAfterItsMachine()
    {
        var machine = Environment.MachineName.ToLowerInvariant();
        Assume.That(machine, Does.Match("^[a-z0-9-]{1,60}$"), "the machine's name needs no cleaning");
        using var presence = WorkerPresence.Announce(Claims, s_lease, "here");

        Assert.That(presence.Worker, Does.StartWith($"{machine}-{Environment.ProcessId}-"));
    }

    [Test]
    public void Announce_GivesEachItsOwnName()
    {
        using var one = WorkerPresence.Announce(Claims, s_lease, null);
        using var two = WorkerPresence.Announce(Claims, s_lease, null);

        Assert.That((one.Worker != two.Worker, one.Host), Is.EqualTo((true, (string?)null)));
    }

    [Test]
    public void Lock_IsHeld_UntilTheWorkerIsGone()
    {
        var presence = WorkerPresence.Announce(Claims, s_lease, "here");
        var file = Claims.LockFile(presence.Worker);
        var before = FileLock.IsHeld(file);

        presence.Dispose();

        Assert.That((before, FileLock.IsHeld(file), File.Exists(file)), Is.EqualTo((true, false, true)));
    }

    [Test]
    public void Beat_CountsUp_InPlace()
    {
        using var presence = WorkerPresence.Announce(Claims, s_lease, "here");
        var length = new FileInfo(Claims.WorkerFile(presence.Worker)).Length;

        for (var beat = 0; beat < 12; beat++) presence.Beat();

        var file = new FileInfo(Claims.WorkerFile(presence.Worker));
        Assert.That((Claims.ReadWorker(presence.Worker)!.Beat, file.Length), Is.EqualTo((WorkerRecord.FirstBeat + 12, length)));
    }

    [Test]
    public void Beat_CountsUp_WhileAnotherReads()
    {
        using var presence = WorkerPresence.Announce(Claims, s_lease, "here");
        using var reader = new FileStream(Claims.WorkerFile(presence.Worker), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

        Assert.That(presence.Beat, Throws.Nothing);
    }

    [Test]
    public void Beat_IsSeenThroughTheWorkersClaims()
    {
        using var presence = WorkerPresence.Announce(Claims, s_lease, "here");
        Claims.TryClaim(5, 1, presence.Worker);

        presence.Beat();

        Assert.That(Claims.ReadOwner(5, 1), Is.EqualTo(Claims.ReadWorker(presence.Worker)));
    }

    [Test]
    public void Beat_Throws_WhenTheFileIsGone()
    {
        using var presence = WorkerPresence.Announce(Claims, s_lease, "here");
        File.Delete(Claims.WorkerFile(presence.Worker));

        Assert.That(presence.Beat, Throws.InstanceOf<FileNotFoundException>());
    }

    [Test]
    public void Leave_RemovesTheWorkersFiles_AndKeepsItsClaims()
    {
        using var presence = WorkerPresence.Announce(Claims, s_lease, "here");
        Claims.TryClaim(5, 1, presence.Worker);

        presence.Leave();

        Assert.That(Directory.GetFiles(Claims.WorkersFolder), Is.Empty);
        Assert.That(Claims.ReadOwner(5, 1)!.Worker, Is.EqualTo(presence.Worker));
    }
}
