using System.Diagnostics;

namespace FixupNet.Runs.Tests;

public sealed class RunDirectoryLockTests : TemporaryFolderTests
{
    [Test]
    public void Acquire_Throws_WhileHeld()
    {
        using var held = RunDirectoryLock.Acquire(Folder);

        Assert.That(() => RunDirectoryLock.Acquire(Folder),
            Throws.InstanceOf<RunDirectoryInUseException>().With.Message.Contains(Folder).And.Property("Directory").EqualTo(Folder));
    }

    [Test]
    public void Acquire_Succeeds_AfterDispose()
    {
        RunDirectoryLock.Acquire(Folder).Dispose();

        Assert.That(() => RunDirectoryLock.Acquire(Folder).Dispose(), Throws.Nothing);
    }

    [Test]
    public void Acquire_Advises()
    {
        using var held = RunDirectoryLock.Acquire(Folder);

        Assert.That(() => RunDirectoryLock.Acquire(Folder, "wait for it"), Throws.InstanceOf<RunDirectoryInUseException>().With.Message.EndsWith("; wait for it."));
    }

    [Test]
    public void IsHeld_TellsWithoutTakingIt()
    {
        var before = RunDirectoryLock.IsHeld(Folder);
        using (RunDirectoryLock.Acquire(Folder)) Assert.That((before, RunDirectoryLock.IsHeld(Folder)), Is.EqualTo((false, true)));

        Assert.That(RunDirectoryLock.IsHeld(Folder), Is.False);
        Assert.That(() => RunDirectoryLock.Acquire(Folder).Dispose(), Throws.Nothing);
    }

    [Test]
    public void Acquire_GivesOneWinner_WhenManyRace()
    {
        using var start = new Barrier(8);
        var owners = new RunDirectoryLock?[8];
        var threads = Enumerable.Range(0, 8).Select(index => new Thread(() =>
        {
            start.SignalAndWait();
            owners[index] = TryAcquire();
        })).ToList();

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.That(owners.Count(owner => owner is not null), Is.EqualTo(1));
        owners.Single(owner => owner is not null)!.Dispose();
    }

    [Test]
    [Platform("Linux")]
    public void Acquire_Succeeds_OnceAHolderWasKilled()
    {
        Assume.That(File.Exists("/usr/bin/flock"), "the tool flock stands in for another process");
        using var other = Process.Start(new ProcessStartInfo("/usr/bin/flock", [At(".lock"), "sh", "-c", "echo held; exec cat"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        Assert.That(other.StandardOutput.ReadLine(), Is.EqualTo("held"));
        Assert.That(() => RunDirectoryLock.Acquire(Folder), Throws.InstanceOf<RunDirectoryInUseException>());

        other.Kill(entireProcessTree: true);
        other.WaitForExit();
        other.StandardOutput.ReadToEnd(); // ends when the last process that holds the lock has ended

        Assert.That(() => RunDirectoryLock.Acquire(Folder).Dispose(), Throws.Nothing);
    }

    [Test]
    public void Acquire_SaysWhatIsMissing_WhenThereIsNoFolder() =>
        Assert.That(() => RunDirectoryLock.Acquire(At("missing")), Throws.InstanceOf<DirectoryNotFoundException>());

    private RunDirectoryLock? TryAcquire()
    {
        try
        {
            return RunDirectoryLock.Acquire(Folder);
        }
        catch (RunDirectoryInUseException)
        {
            return null;
        }
    }
}
