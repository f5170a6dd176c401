using System.Text;
using FixupNet.Runs.Files;

namespace FixupNet.Runs.Tests.Files;

public sealed class DurableFileTests : TemporaryFolderTests
{
    // The system would follow "new" before it goes back from it; .NET, which makes the folders, does not.
    [Test]
    public void SyncFolder_TakesAPathThatLeadsBackFromAFolderThatIsNotThere() =>
        Assert.That(() => DurableFile.SyncFolder(At("new/..")), Throws.Nothing);

    [Test]
    public void WriteAllText_CreatesUtf8WithoutMark()
    {
        DurableFile.WriteAllText(At("a.txt"), "√½\n");

        Assert.That(File.ReadAllBytes(At("a.txt")), Is.EqualTo(Encoding.UTF8.GetBytes("√½\n")));
    }

    [Test]
    public void WriteAllBytes_ReplacesLongerFile()
    {
        File.WriteAllText(At("a.bin"), "a longer old content");

        DurableFile.WriteAllBytes(At("a.bin"), new byte[] { 1, 2, 3 });

        Assert.That(File.ReadAllBytes(At("a.bin")), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void WriteAllBytes_LeavesNoOtherFile()
    {
        DurableFile.WriteAllBytes(At("a.bin"), new byte[100_000]);

        Assert.That(Directory.GetFileSystemEntries(Folder), Is.EqualTo(new[] { At("a.bin") }));
    }

    // The longest names that file systems take: the temporary file's must not be longer.
    [TestCase("a", 255)]
    [TestCase("ü", 127)]
    [TestCase("本", 85)]
    [TestCase("🚀", 63)]
    public void WriteAllText_TakesTheLongestNames(string letter, int count)
    {
        var name = string.Concat(Enumerable.Repeat(letter, count));

        DurableFile.WriteAllText(At(name), "content");

        Assert.That(Directory.GetFileSystemEntries(Folder), Is.EqualTo(new[] { At(name) }));
    }

    [Test]
    public void Write_KeepsOldFileAlone_WhenTheCallbackThrows()
    {
        File.WriteAllText(At("a.txt"), "old");

        Assert.That(() => DurableFile.Write(At("a.txt"), FailHalfway), Throws.InstanceOf<NotSupportedException>());

        Assert.That(Directory.GetFiles(Folder).Select(File.ReadAllText), Is.EqualTo(new[] { "old" }));
    }

    [Test]
    public void Write_DoesNotTouchTheFile_BeforeAllIsWritten()
    {
        File.WriteAllText(At("a.txt"), "old");
        var seen = "";

        DurableFile.Write(At("a.txt"), stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            seen = File.ReadAllText(At("a.txt"));
        });

        Assert.That(seen, Is.EqualTo("old"));
    }

    [Test]
    [Platform("Linux")]
    public void Write_SyncsTheContentBeforeTheRename_AndTheFolderAfterIt()
    {
        var calls = SystemCalls.In(Folder, () => DurableFile.Write(At("a.txt"), stream => stream.Write("new"u8)));

        Assert.That(calls, Is.EqualTo(new[] { "write .a.txt.tmp", "fsync .a.txt.tmp", "rename .a.txt.tmp a.txt", "fsync ." }));
    }

    [Test]
    public void Write_ReportsTheFirstFailure_WhenCleaningUpFailsToo()
    {
        var folder = Directory.CreateDirectory(At("lost")).FullName;

        Assert.That(() => DurableFile.Write(Path.Combine(folder, "a.txt"), _ =>
        {
            Directory.Delete(folder, recursive: true);
            throw new NotSupportedException("the first failure");
        }), Throws.InstanceOf<NotSupportedException>().With.Message.EqualTo("the first failure"));
    }

    [Test]
    public void WriteAllText_Throws_WhenThePathIsNoFiles() =>
        Assert.That(() => DurableFile.WriteAllText("/", ""), Throws.ArgumentException.With.Message.StartsWith("/ is not the path of a file."));

    [Test]
    public void WriteAllText_Throws_WhenTheFolderIsMissing() =>
        Assert.That(() => DurableFile.WriteAllText(At("missing/a.txt"), ""),
            Throws.InstanceOf<IOException>().With.Message.Contains(At("missing")));

    [Test]
    public void WriteAllText_ThrowsAndCleansUp_WhenTheTargetIsAFolder()
    {
        Directory.CreateDirectory(At("a"));

        Assert.That(() => DurableFile.WriteAllText(At("a"), "text"),
            Throws.InstanceOf<IOException>().Or.InstanceOf<UnauthorizedAccessException>());
        Assert.That(Directory.GetFiles(Folder), Is.Empty);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "NTFS has no call for it")]
    public void SyncFolder_ThrowsWithPathAndReason_WhenTheFolderIsMissing() =>
        Assert.That(() => DurableFile.SyncFolder(At("missing")),
            Throws.InstanceOf<IOException>().With.Message.Contains(At("missing")).And.Message.Contains("open failed: No such file").And.Property("HResult").EqualTo(2));

    [Test]
    [Platform("Linux")]
    public void SyncFolder_Succeeds_WhereTheFileSystemHasNoSuchCall() => Assert.That(() => DurableFile.SyncFolder("/proc/self"), Throws.Nothing);

    [Test]
    [Platform("Linux")]
    public void SyncFolder_LetsGoOfTheFolder()
    {
        DurableFile.SyncFolder(Folder);

        Assert.That(Directory.GetFileSystemEntries("/proc/self/fd").Select(handle => new FileInfo(handle).LinkTarget), Has.None.EqualTo(Folder));
    }

    [Test]
    public void DeleteTemporaries_DeletesWhatAKilledWriterLeft()
    {
        File.WriteAllText(At(".status.json.0a1b2c3d.tmp"), "half");
        File.WriteAllText(At("status.json"), "whole");

        DurableFile.DeleteTemporaries(Folder);

        Assert.That(Directory.GetFiles(Folder), Is.EqualTo(new[] { At("status.json") }));
    }

    private static void FailHalfway(Stream stream)
    {
        stream.Write(new byte[100_000]);
        throw new NotSupportedException();
    }
}
