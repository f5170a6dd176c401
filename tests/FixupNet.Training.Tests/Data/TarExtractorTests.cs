using System.Formats.Tar;
using FixupNet.Training.Data;

namespace FixupNet.Training.Tests.Data;

public sealed class TarExtractorTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TempFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    private void Extract(byte[] archive)
    {
        var path = _folder.File("archive.tar.gz");
        File.WriteAllBytes(path, archive);
        TarExtractor.Extract(TinyDataset.Cifar(archive).Layout!.Downloads[0], path, Directory.CreateDirectory(_folder.File("out/here")).FullName);
    }

    // Everything in the whole temporary folder, so that an escape from "out/here" shows.
    private IEnumerable<string> Written() => Directory
        .EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(_folder.Path, path).Replace('\\', '/'))
        .Except(["archive.tar.gz", "out", "out/here", "out/here/.tar"]);

    private static readonly string[] _goodFiles = ["out/here/train.bin", "out/here/test.bin"];

    private static readonly string[] _hostileNames =
    [
        "../escape.bin", "../../escape.bin", "tiny-bin/../../escape.bin", "/tmp/fixupnet-escape.bin", "//server/share/escape.bin", "C:\\escape.bin",
        "C:escape.bin", "..\\escape.bin", "tiny-bin\\train.bin", "TINY-BIN/train.bin", "tiny-bin/TRAIN.BIN", "tiny-bin/train.bin/", "tiny-bin//train.bin",
        "./tiny-bin/train.bin", "tiny-bin/./train.bin", "tiny-bin/train.bin ", "tiny-bin/train.bin.", "tiny-bin/CON", "tiny-bin/NUL.bin", "train.bin",
        "tiny-bin/train.bin:stream", "tiny-bin/.tar", ".bashrc", "~/.profile", "tiny-bin/ünïcode.bin",
    ];

    [TestCaseSource(nameof(_hostileNames))]
    public void Extract_PassesOverMembersItDoesNotKnow(string name)
    {
        Extract(TinyDataset.TarGz([TinyDataset.Member(name, [1]), .. TinyDataset.GoodMembers()]));

        Assert.That(Written(), Is.EquivalentTo(_goodFiles));
        Assert.That(File.ReadAllBytes(_folder.File("out/here/train.bin")), Is.EqualTo(TinyDataset.CifarRecords()));
        Assert.That(File.Exists("/tmp/fixupnet-escape.bin"), Is.False);
    }

    private static TarEntry Special(TarEntryType type, string name)
    {
        var member = new PaxTarEntry(type, name);
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink) member.LinkName = "/etc/passwd";
        return member;
    }

    [TestCase(TarEntryType.SymbolicLink)]
    [TestCase(TarEntryType.HardLink)]
    [TestCase(TarEntryType.Fifo)]
    [TestCase(TarEntryType.CharacterDevice)]
    [TestCase(TarEntryType.BlockDevice)]
    [TestCase(TarEntryType.Directory)]
    public void Extract_Throws_WhenAnExpectedFileIsSomethingElse(TarEntryType type)
    {
        var archive = TinyDataset.TarGz([Special(type, "tiny-bin/train.bin"), .. TinyDataset.GoodMembers()]);

        Assert.That(() => Extract(archive), Throws.TypeOf<DatasetCorruptException>().With.Message.Contains(type.ToString()));
        Assert.That(Written().Except(_goodFiles), Is.Empty);
    }

    [TestCase(TarEntryType.SymbolicLink)]
    [TestCase(TarEntryType.HardLink)]
    [TestCase(TarEntryType.Fifo)]
    [TestCase(TarEntryType.CharacterDevice)]
    public void Extract_PassesOverSpecialFiles(TarEntryType type)
    {
        Extract(TinyDataset.TarGz([Special(type, "tiny-bin/other"), .. TinyDataset.GoodMembers()]));

        Assert.That(Written(), Is.EquivalentTo(_goodFiles));
    }

    [Test]
    public void Extract_IgnoresTheSetUserIdBit()
    {
        var members = TinyDataset.GoodMembers();
        members[0].Mode = UnixFileMode.SetUser | UnixFileMode.UserExecute | UnixFileMode.UserRead;

        Extract(TinyDataset.TarGz(members));

        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(_folder.File("out/here/train.bin")) & (UnixFileMode.SetUser | UnixFileMode.UserExecute), Is.EqualTo(UnixFileMode.None));
    }

    [TestCase(-1)]
    [TestCase(1)]
    public void Extract_Throws_WhenASizeIsWrong(int more)
    {
        var content = new byte[TinyDataset.CifarRecords().Length + more];

        Assert.That(() => Extract(TinyDataset.TarGz([TinyDataset.Member("tiny-bin/train.bin", content), TinyDataset.GoodMembers()[1]])),
            Throws.TypeOf<DatasetCorruptException>().With.Message.Contains($"{content.Length} bytes"));
    }

    [Test]
    public void Extract_KeepsTheFirst_WhenAMemberComesTwice()
    {
        Extract(TinyDataset.TarGz([.. TinyDataset.GoodMembers(), TinyDataset.Member("tiny-bin/train.bin", TinyDataset.CifarRecords(7))]));

        Assert.That(File.ReadAllBytes(_folder.File("out/here/train.bin")), Is.EqualTo(TinyDataset.CifarRecords()));
    }

    [Test]
    public void Extract_NamesWhatIsMissing() =>
        Assert.That(() => Extract(TinyDataset.TarGz([TinyDataset.GoodMembers()[0]])),
            Throws.TypeOf<DatasetCorruptException>().With.Message.Contains("no tiny-bin/test.bin"));

    [Test]
    public void Extract_Throws_WhenTheArchiveUnpacksToTooMuch() =>
        Assert.That(() => Extract(TinyDataset.TarGz([TinyDataset.Member("bomb", new byte[17_000_000]), .. TinyDataset.GoodMembers()])),
            Throws.TypeOf<DatasetCorruptException>().With.Message.Contains("once unpacked"));

    [Test]
    public void Extract_Throws_WhenTheArchiveIsCutOff() =>
        Assert.That(() => Extract(TinyDataset.TarGz(TinyDataset.GoodMembers())[..^40]), Throws.TypeOf<DatasetCorruptException>());

    [Test]
    public void Extract_Throws_WhenTheArchiveIsNoTar() =>
        Assert.That(() => Extract(TinyDataset.Gzip([.. Enumerable.Repeat((byte)'x', 5_000)])), Throws.TypeOf<DatasetCorruptException>());
}
