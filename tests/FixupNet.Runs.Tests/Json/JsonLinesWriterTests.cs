using System.Text;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Runs.Tests.Files;

namespace FixupNet.Runs.Tests.Json;

public sealed class JsonLinesWriterTests : TemporaryFolderTests
{
    private string FilePath => At("a.jsonl");

    [Test]
    public void Write_WritesTheContractsSpelling()
    {
        using (var writer = new JsonLinesWriter(FilePath))
        {
            writer.Write(new MetricsLine(0, 10, 0.25, MetricsSplit.Train, new MetricValues(("loss", double.NaN), ("accuracy", 0.1)), double.PositiveInfinity, 0.1, 1500.5, 1024));
            writer.Write(new MetricsLine(1, 10, 0.25, MetricsSplit.Test, new MetricValues(("loss", 2.5), ("accuracy", 0.1))));
        }

        Assert.That(File.ReadAllText(FilePath), Is.EqualTo(
            """
            {"seq":0,"step":10,"epoch":0.25,"split":"train","loss":"NaN","accuracy":0.1,"gradientNorm":"Infinity","learningRate":0.1,"imagesPerSecond":1500.5,"peakMemoryBytes":1024}
            {"seq":1,"step":10,"epoch":0.25,"split":"test","loss":2.5,"accuracy":0.1}

            """));
    }

    [Test]
    public void Constructor_KeepsIntactLinesAndContinues_WhenCutAtAnyByte()
    {
        const string line = """{"blocks":["a","b"]}""";
        var whole = Encoding.UTF8.GetBytes($"{line}\n{line}\n");

        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            var intact = JsonLinesReader.ReadAll<ActivationsHeader>(FilePath).Count();

            using (var writer = new JsonLinesWriter(FilePath)) writer.Write(new ActivationsHeader(["a", "b"]));

            Assert.That(File.ReadAllText(FilePath),
                Is.EqualTo(string.Concat(Enumerable.Repeat(line + "\n", intact + 1))), $"cut at {length}");
        }
    }

    [TestCase("{}\n\0\0\0")]
    [TestCase("{}\ngarbage\n")]
    [TestCase("{}\n\n")]
    [TestCase("{}\n[1]\n")]
    [TestCase("{}\n17\n")]
    [TestCase("{}\ngarbage\n\0\0\0\n{\"a\":")]
    public void Constructor_CutsDamagedLinesAtTheEnd(string content)
    {
        File.WriteAllText(FilePath, content);

        using var writer = new JsonLinesWriter(FilePath);

        Assert.That((writer.Position, new FileInfo(FilePath).Length), Is.EqualTo((3, 3)));
    }

    // Cutting there would lose the lines that follow; the reader leaves the line out.
    [Test]
    public void Constructor_LeavesADamagedLineInTheMiddle()
    {
        File.WriteAllText(FilePath, "{}\ngarbage\n{}\n");

        using var writer = new JsonLinesWriter(FilePath);

        Assert.That(File.ReadAllText(FilePath), Is.EqualTo("{}\ngarbage\n{}\n"));
    }

    [Test]
    public void Constructor_KeepsTheWholeFile_WhenItsLengthWasRecorded()
    {
        File.WriteAllText(FilePath, "{}\n{}\n");

        using var writer = new JsonLinesWriter(FilePath, keepBytes: 6);

        Assert.That((writer.Position, File.ReadAllText(FilePath)), Is.EqualTo((6, "{}\n{}\n")));
    }

    [Test]
    public void Constructor_Continues_WhenTheEndIsOneEndlessLine()
    {
        using (var file = File.Create(FilePath))
        {
            file.Write("{}\n"u8);
            file.SetLength(80L << 20); // sparse zeros, as a power loss leaves them
        }

        using var writer = new JsonLinesWriter(FilePath);

        Assert.That((writer.Position, new FileInfo(FilePath).Length), Is.EqualTo((3, 3)));
    }

    [Test]
    public void Write_Throws_WhenALineIsLongerThanIsRead()
    {
        using var writer = new JsonLinesWriter(FilePath);
        writer.Write(new ActivationsHeader(["a"]));
        var before = writer.Position;

        Assert.That(() => writer.Write(new ActivationsHeader([new string('x', JsonLinesReader.MaxLineBytes)])), Throws.ArgumentException);
        Assert.That((writer.Position, new FileInfo(FilePath).Length), Is.EqualTo((before, before)));
    }

    [Test]
    public void Constructor_CutsBackToARecordedPosition()
    {
        long recorded;
        using (var writer = new JsonLinesWriter(FilePath))
        {
            writer.Write(new ActivationsHeader(["kept"]));
            writer.Sync();
            recorded = writer.Position;
            writer.Write(new ActivationsHeader(["repeated"]));
        }

        using (var writer = new JsonLinesWriter(FilePath, recorded)) writer.Write(new ActivationsHeader(["after"]));

        Assert.That(JsonLinesReader.ReadAll<ActivationsHeader>(FilePath).Select(line => line.Blocks[0]),
            Is.EqualTo(new[] { "kept", "after" }));
    }

    [TestCase(4, "is 3 bytes long where at least 4 are due; lines were lost.")]
    [TestCase(2, "no line ends at byte 2.")]
    [TestCase(-1, "is 3 bytes long where at least -1 are due; lines were lost.")]
    public void Constructor_Throws_WhenNoLineEndsAtTheRecordedPosition(long keepBytes, string reason)
    {
        File.WriteAllText(FilePath, "{}\n");

        Assert.That(() => new JsonLinesWriter(FilePath, keepBytes).Dispose(),
            Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo($"{FilePath}: {reason}"));
        Assert.That(File.ReadAllText(FilePath), Is.EqualTo("{}\n"));
    }

    [Test]
    public void Constructor_EmptiesTheFile_WhenNothingIsToBeKept()
    {
        File.WriteAllText(FilePath, "garbage");

        using var writer = new JsonLinesWriter(FilePath, keepBytes: 0);

        Assert.That((writer.Position, new FileInfo(FilePath).Length), Is.EqualTo((0, 0)));
    }

    [Test]
    [Platform("Linux")]
    public void Sync_ForcesWhatWasWrittenToTheDevice()
    {
        var calls = SystemCalls.In(Folder, () =>
        {
            using var writer = new JsonLinesWriter(FilePath);
            writer.Write(new ActivationsHeader([]));
            writer.Sync();
        });

        // The folder first: without its entry the file would be lost, however often it is synced.
        Assert.That(calls, Is.EqualTo(new[] { "fsync .", "write a.jsonl", "fsync a.jsonl" }));
    }

    [Test]
    [Platform("Linux")]
    public void Constructor_LeavesTheFolderAlone_WhenTheFileExists()
    {
        File.WriteAllText(FilePath, "{}\n");

        Assert.That(SystemCalls.In(Folder, () => new JsonLinesWriter(FilePath).Dispose()), Is.Empty);
    }

    [Test]
    public void Dispose_LetsGoOfTheFile()
    {
        new JsonLinesWriter(FilePath).Dispose();

        Assert.That(() => new FileStream(FilePath, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose(), Throws.Nothing);
    }

    [Test]
    public void Write_TakesRecordsOfOtherProjects()
    {
        using (var writer = new JsonLinesWriter(FilePath)) writer.Write(new { Worker = "a+b", Note = (string?)null, State = TrialState.Failed });

        Assert.That(File.ReadAllText(FilePath), Is.EqualTo("""{"worker":"a+b","state":"failed"}""" + "\n"));
    }
}
