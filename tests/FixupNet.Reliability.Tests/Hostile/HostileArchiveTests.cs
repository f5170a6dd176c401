using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using FixupNet.Training.Data;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Promise 9: whatever an archive holds, the expected files come out of it or nothing does, and nothing lies anywhere else.</summary>
internal sealed class HostileArchiveTests : ReliabilityTest
{
    private const long AllowedBytes = 64 << 20;

    private static int s_archives;
    private static int s_fuzzed;

    [OneTimeTearDown]
    public void NoteFigure() => Figures.Note(9, string.Create(CultureInfo.InvariantCulture, $"{s_archives} hostile archives and {s_fuzzed} damaged ones: 0 escapes"));

    [TestCaseSource(nameof(Archives))]
    public void Extract_WritesTheExpectedFilesAlone(byte[] archive, bool isExtracted)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();

        var error = Extract(archive);

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        s_archives++;
        Assert.That(error, isExtracted ? Is.Null : Is.TypeOf<DatasetCorruptException>());
        Assert.That(allocated, Is.LessThan((2L * archive.Length) + AllowedBytes));
        RequireNothingElse(isExtracted);
    }

    [TestCase(200)]
    [TestCase(10_000, Category = "Slow")]
    public void Extract_WritesTheExpectedFilesAlone_WhenBytesAreDamaged(int archives)
    {
        string[] words = ["../", "/tmp/x", "small-bin/", "train.bin", "ustar\0", "ustar  \0", "./PaxHeaders/x", "path=../x\n", "size=9219\n", "0000000\0", "7777777", "\0\0\0\0\0\0\0\0"];
        byte[][] samples = [SmallDataset.Tar(SmallDataset.Member("train.bin", SmallDataset.Records(0)), SmallDataset.Member("test.bin", SmallDataset.Records(5))), SmallDataset.Tar(Named("../x"), Link(TarEntryType.SymbolicLink, "train.bin", ".."))];
        var mutator = new ByteMutator(9, samples, [.. words.Select(Encoding.Latin1.GetBytes)]);
        for (var round = 0; round < archives; round++)
        {
            var error = Extract(SmallDataset.Gzip(mutator.Next()));

            Assert.That(error, Is.Null.Or.TypeOf<DatasetCorruptException>());
            RequireNothingElse(error is null);
            s_fuzzed++;
        }
    }

    private static IEnumerable<TestCaseData> Archives()
    {
        foreach (var name in Names()) yield return Case($"a member {name}", true, [Named(name), .. Good()]);
        foreach (var type in new[] { TarEntryType.SymbolicLink, TarEntryType.HardLink })
        {
            yield return Case($"a {type} in place of a file", false, [Link(type, $"{SmallDataset.Folder}/train.bin", "/etc/passwd"), .. Good()]);
            yield return Case($"a {type} beside the files", true, [Link(type, "elsewhere", "../../.."), .. Good()]);
        }
        yield return Case("a chain of links", true, [Link(TarEntryType.SymbolicLink, "a", ".."), Link(TarEntryType.SymbolicLink, "a/b", ".."), Named("a/b/c"), .. Good()]);
        yield return Case("the folder as a link", true, [Link(TarEntryType.SymbolicLink, SmallDataset.Folder, "/tmp"), .. Good()]);
        foreach (var type in new[] { TarEntryType.CharacterDevice, TarEntryType.BlockDevice, TarEntryType.Fifo, TarEntryType.Directory })
        {
            yield return Case($"a {type} in place of a file", false, [new PaxTarEntry(type, $"{SmallDataset.Folder}/train.bin"), .. Good()]);
            yield return Case($"a {type} beside the files", true, [new PaxTarEntry(type, "other"), .. Good()]);
        }
        yield return Case("set-user-id", true, [.. Good().Select(member => WithMode(member, UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.UserExecute))]);
        yield return Case("a file twice", true, [.. Good(), SmallDataset.Member("train.bin", SmallDataset.Records(1))]);
        yield return Case("a file in another case before it", true, [SmallDataset.Member("TRAIN.BIN", SmallDataset.Records(1)), .. Good()]);
        yield return Case("a file too short", false, [SmallDataset.Member("train.bin", [1, 2, 3]), .. Good()]);
        yield return Case("a file too long", false, [SmallDataset.Member("train.bin", new byte[9_220]), .. Good()]);
        yield return Case("a file missing", false, [.. Good().Take(1)]);
        yield return Case("nothing", false, SmallDataset.Gzip(SmallDataset.Tar()));
        yield return Case("5,000 members", true, [.. Enumerable.Range(0, 5_000).Select(i => Named($"m{i}")), .. Good()]);
        yield return Case("long names of GNU", true, [new GnuTarEntry(TarEntryType.RegularFile, $"{new string('a', 5_000)}/../../x") { DataStream = new MemoryStream([1]) }, .. Good()]);
        yield return Case("long names of pax", true, [Named($"{new string('a', 60_000)}/../x"), .. Good()]);
        yield return Case("attributes of pax that say otherwise", true, [new PaxTarEntry(TarEntryType.RegularFile, "x", new Dictionary<string, string> { ["mtime"] = "-1", ["uid"] = "0", ["SCHILY.xattr.user.a"] = new string('b', 100_000) }) { DataStream = new MemoryStream([1]) }, .. Good()]);
        yield return Case("old format", true, [.. new[] { ("train.bin", SmallDataset.Records(0)), ("test.bin", SmallDataset.Records(5)) }.Select(file => new V7TarEntry(TarEntryType.V7RegularFile, $"{SmallDataset.Folder}/{file.Item1}") { DataStream = new MemoryStream(file.Item2) })]);
        yield return Case("20,000 members", false, [.. Enumerable.Range(0, 20_000).Select(i => Named($"m{i}")), .. Good()]);
        yield return Case("a bomb", false, SmallDataset.Gzip(new byte[100_000_000]));
        yield return Case("a bomb before the files", false, [new PaxTarEntry(TarEntryType.RegularFile, "bomb") { DataStream = new MemoryStream(new byte[17_000_000]) }, .. Good()]);
        yield return Case("a bomb in a bomb", false, SmallDataset.Gzip(SmallDataset.Gzip(new byte[50_000_000])));
        yield return Case("4 GB claimed", false, SmallDataset.Gzip(WithSize(SmallDataset.Tar(Good()), "77777777777\0")));
        yield return Case("a negative size", false, SmallDataset.Gzip(WithSize(SmallDataset.Tar(Good()), "-0000000001\0")));
        yield return Case("a size in binary", false, SmallDataset.Gzip(WithSize(SmallDataset.Tar(Good()), "\u0080\0\0\0\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")));
        yield return Case("a sparse file", false, SmallDataset.Gzip(WithType(SmallDataset.Tar(Good()), 'S')));
        yield return Case("a type that is none", false, SmallDataset.Gzip(WithType(SmallDataset.Tar(Good()), '\u00ff')));
        yield return Case("a name with NUL", false, SmallDataset.Gzip(Replaced(SmallDataset.Tar(Good()), "train.bin", "train\0bin")));
        yield return Case("a zip", false, Zip());
        yield return Case("no gzip", false, SmallDataset.Tar(Good()));
        yield return Case("cut off", false, SmallDataset.Archive()[..^40]);
        yield return Case("zeros behind the end", true, [.. SmallDataset.Archive(), .. new byte[1_000]]);
        yield return Case("HTML", false, Encoding.UTF8.GetBytes("<!DOCTYPE html>"));
        yield return Case("empty", false, Array.Empty<byte>());
    }

    private static IEnumerable<string> Names() =>
    [
        "../x", "../../x", $"{SmallDataset.Folder}/../../x", "/tmp/fixupnet-escape", "//server/x", "C:\\x", "C:x", "..\\x", $"{SmallDataset.Folder}\\train.bin", $"{SmallDataset.Folder}/train.bin/",
        $"{SmallDataset.Folder}//train.bin", $"./{SmallDataset.Folder}/train.bin", $"{SmallDataset.Folder}/CON", $"{SmallDataset.Folder}/NUL.bin", $"{SmallDataset.Folder}/COM1", $"{SmallDataset.Folder}/train.bin.",
        $"{SmallDataset.Folder}/train.bin ", $"{SmallDataset.Folder}/train.bin:stream", $"{SmallDataset.Folder}/.tar", "~/.profile", ".bashrc", $"{SmallDataset.Folder}/tra\u0131n.bin", "\u202egnp.exe", "\e[31m",
    ];

    private Exception? Extract(byte[] archive)
    {
        File.WriteAllBytes(At("archive"), archive);
        var target = Directory.CreateDirectory(At("deep", "out")).FullName;
        try
        {
            TarExtractor.Extract(SmallDataset.InArchive(archive).Layout!.Downloads[0], At("archive"), target);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    // Of a failed extraction parts of the expected files may lie in the folder, which the fetcher deletes.
    private void RequireNothingElse(bool isExtracted)
    {
        var files = Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path)).ToList();
        Assert.That(files.Except(["archive", "deep", "deep/out", "deep/out/.tar", "deep/out/train.bin", "deep/out/test.bin"]), Is.Empty);
        Assert.That(File.Exists("/tmp/fixupnet-escape"), Is.False);
        foreach (var file in Directory.EnumerateFiles(At("deep", "out")))
        {
            var info = new FileInfo(file);
            Assert.That(info.LinkTarget, Is.Null);
            Assert.That(info.UnixFileMode & (UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.UserExecute), Is.EqualTo(UnixFileMode.None));
        }
        if (isExtracted) Assert.That(new[] { "train.bin", "test.bin" }.Select(name => new FileInfo(At("deep", "out", name)).Length), Is.All.EqualTo(9_219));
        Directory.Delete(At("deep"), recursive: true);
    }

    private static TarEntry[] Good() => [SmallDataset.Member("train.bin", SmallDataset.Records(0)), SmallDataset.Member("test.bin", SmallDataset.Records(5))];

    private static PaxTarEntry Named(string name) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream([1, 2, 3]) };

    private static PaxTarEntry Link(TarEntryType type, string name, string target) => new(type, name) { LinkName = target };

    private static TarEntry WithMode(TarEntry member, UnixFileMode mode)
    {
        member.Mode = mode;
        return member;
    }

    // The first header of a pax member is that of its attributes; the second is the file's own.
    private static byte[] WithSize(byte[] tar, string size) => Edited(tar, 124, size);

    private static byte[] WithType(byte[] tar, char type) => Edited(tar, 156, type.ToString());

    private static byte[] Edited(byte[] tar, int offset, string text)
    {
        const int block = 512;
        var header = tar.AsSpan(block).IndexOf("small-bin/train.bin\0"u8) + block;
        Encoding.Latin1.GetBytes(text).CopyTo(tar, header + offset);
        tar.AsSpan(header + 148, 8).Fill((byte)' ');
        var sum = tar.AsSpan(header, block).ToArray().Sum(value => value);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(tar, header + 148);
        return tar;
    }

    private static byte[] Replaced(byte[] tar, string text, string with) => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(tar).Replace(text, with));

    private static byte[] Zip()
    {
        using var content = new MemoryStream();
        using (var zip = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var member = zip.CreateEntry("../../x").Open();
            member.Write([1, 2, 3]);
        }
        return content.ToArray();
    }

    private static TestCaseData Case(string name, bool isExtracted, TarEntry[] members) => Case(name, isExtracted, SmallDataset.Gzip(SmallDataset.Tar(members)));

    private static TestCaseData Case(string name, bool isExtracted, byte[] archive) =>
        new TestCaseData(archive, isExtracted).SetArgDisplayNames(Runs.PrintableText.Of(name.Length > 40 ? name[..40] : name));
}
