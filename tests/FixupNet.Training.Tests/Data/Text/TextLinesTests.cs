using System.IO.Compression;
using System.Text;
using FixupNet.Training.Data;
using FixupNet.Training.Data.Text;

namespace FixupNet.Training.Tests.Data.Text;

public class TextLinesTests
{
    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("fixupnet-text-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("one\ntwo\n")]
    [TestCase("one\r\ntwo")]
    [TestCase("\ufeffone\ntwo\n")]
    public void Read_GivesTheLines(string content) => Assert.That(TextLines.Read(Written("train.de", Encoding.UTF8.GetBytes(content))), Is.EqualTo((string[])["one", "two"]));

    [Test]
    public void Read_UnpacksGzip()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write("ein\nzwei\n"u8);

        Assert.That(TextLines.Read(Written("train.de.gz", packed.ToArray())), Is.EqualTo((string[])["ein", "zwei"]));
    }

    [Test]
    public void Read_Throws_WhenALineIsNoUtf8() =>
        Refuses(Written("train.de", [.. "gut\nM"u8, 0xFC, .. "cke\n"u8]), "train.de, line 2", "byte 0xFC at byte 2", "UTF-8");

    [Test]
    public void Read_Throws_WhenALineIsEmpty() => Refuses(Written("train.de", "ein\n \ndrei\n"u8.ToArray()), "train.de, line 2", "an empty line");

    [Test]
    public void Read_Throws_WhenALineIsTooLong() =>
        Refuses(Written("train.de", Encoding.UTF8.GetBytes($"ein\nzwei\n{new string('x', 100_000)}\n")), "train.de, line 3", "100000 characters", "at most 10000");

    [Test]
    public void Read_Throws_WhenThereIsNoLine() => Refuses(Written("train.de", []), "train.de", "no line");

    [Test]
    public void Read_Throws_WhenGzipIsDamaged() => Refuses(Written("train.de.gz", "no gzip at all"u8.ToArray()), "train.de.gz", "no gzip");

    [Test]
    public void ReadPair_Throws_WhenCountsDiffer()
    {
        Written("train.de", "ein\nzwei\n"u8.ToArray());
        Written("train.en", "one\ntwo\nthree\n"u8.ToArray());

        Assert.That(() => ParallelText.Read(_folder, "train", "de", "en"), Throws.TypeOf<DatasetCorruptException>().With.Message.Contains("train.en: found 3 lines; expected 2, as many as").And.Message.Contains("train.de has"));
    }

    [Test]
    public void ReadPair_Throws_WhenAFileIsMissing()
    {
        Written("train.de", "ein\n"u8.ToArray());

        Assert.That(() => ParallelText.Read(_folder, "train", "de", "en"), Throws.TypeOf<DatasetMissingException>().With.Message.Contains("train.en.gz"));
    }

    private static void Refuses(string path, params string[] parts)
    {
        var failure = Assert.Throws<DatasetCorruptException>(() => TextLines.Read(path));

        foreach (var part in parts) Assert.That(failure.Message, Does.Contain(part));
    }

    private string Written(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }
}
