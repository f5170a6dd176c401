using FixupNet.Runs.Files;

namespace FixupNet.Runs.Tests.Files;

public sealed class FileLockTests : TemporaryFolderTests
{
    [Test]
    public void IsHeld_TellsWhetherSomeoneHoldsTheFile()
    {
        var holder = FileLock.Take(At("f"), FileMode.CreateNew);
        var held = FileLock.IsHeld(At("f"));
        holder.Dispose();

        Assert.That((held, FileLock.IsHeld(At("f"))), Is.EqualTo((true, false)));
    }

    [TestCase("none")]
    [TestCase("none/none")]
    public void IsHeld_IsFalse_WhenThereIsNoFile(string name)
    {
        Assert.That(FileLock.IsHeld(At(name)), Is.False);
        Assert.That(File.Exists(At(name)), Is.False);
    }

    [Test]
    public void IsHeld_DoesNotTakeAnotherThatAsksForTheHolder()
    {
        File.WriteAllText(At("f"), "");
        using var asking = new FileStream(At("f"), FileMode.Open, FileAccess.Read, FileShare.Read);

        Assert.That(FileLock.IsHeld(At("f")), Is.False);
    }

    [Test]
    public void IsHeld_Throws_WhenItCannotTell() => Assert.That(() => FileLock.IsHeld(Folder), Throws.InstanceOf<UnauthorizedAccessException>());
}
