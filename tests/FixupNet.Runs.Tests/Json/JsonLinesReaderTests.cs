using System.Text;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Tests.Json;

public sealed class JsonLinesReaderTests : TemporaryFolderTests
{
    private const string First = """{"step":1,"epoch":0.5,"total":2,"norms":[1,"NaN"]}""";
    private const string Second = """{"step":2,"epoch":1,"total":"Infinity","norms":[3,4]}""";

    [Test]
    public void Read_ReadsHeaderThenLines()
    {
        File.WriteAllText(At("a.jsonl"), """{"layers":["conv1","fc"]}""" + "\n" + First + "\n");

        using var reader = new JsonLinesReader(At("a.jsonl"));

        Assert.That(reader.Read<GradientNormsHeader>()!.Layers, Is.EqualTo(new[] { "conv1", "fc" }));
        Assert.That(reader.Read<GradientNormsLine>()!.Norms, Is.EqualTo(new[] { 1, double.NaN }));
        Assert.That(reader.Read<GradientNormsLine>(), Is.Null);
    }

    [Test]
    public void ReadAll_ReturnsEveryIntactLine_WhenCutAtAnyByte()
    {
        var whole = Encoding.UTF8.GetBytes(First + "\n" + Second + "\n");
        var counts = new List<int>();

        for (var length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(At("a.jsonl"), whole[..length]);
            counts.Add(JsonLinesReader.ReadAll<GradientNormsLine>(At("a.jsonl")).Count());
        }

        Assert.That(counts, Is.EqualTo(Enumerable.Range(0, whole.Length + 1).Select(length =>
            length < First.Length ? 0 : length < First.Length + 1 + Second.Length ? 1 : 2)));
    }

    [TestCase("garbage")]
    [TestCase("garbage\n")]
    [TestCase("\0\0\0\0")]
    [TestCase("{\"step\":2}}\n")]
    [TestCase("\n")]
    [TestCase("[1]\n")]
    [TestCase("17")]
    public void Read_LeavesOutADamagedLastLine(string end)
    {
        File.WriteAllText(At("a.jsonl"), First + "\n" + end);
        using var reader = new JsonLinesReader(At("a.jsonl"));

        var first = reader.Read<GradientNormsLine>();
        var second = reader.Read<GradientNormsLine>();

        Assert.That((first?.Step, second, reader.HasDamagedEnd), Is.EqualTo(((long?)1, (GradientNormsLine?)null, true)));
    }

    [TestCase("garbage")]
    [TestCase("\0\0\0\0")]
    [TestCase("")]
    [TestCase("{\"step\":2,\"epo")]
    [TestCase("{\"a\":\"\u00ff\"", TestName = "Read_LeavesOutADamagedLine_InTheMiddle(open text)")]
    public void Read_LeavesOutADamagedLine_InTheMiddle(string damage)
    {
        File.WriteAllText(At("a.jsonl"), $"{First}\n{damage}\n{damage}\n{Second}\n");
        using var reader = new JsonLinesReader(At("a.jsonl"));

        var steps = new[] { reader.Read<GradientNormsLine>()?.Step, reader.Read<GradientNormsLine>()?.Step, reader.Read<GradientNormsLine>()?.Step };

        Assert.That(steps, Is.EqualTo(new long?[] { 1, 2, null }));
        Assert.That((reader.DamagedLineCount, reader.FirstDamagedLine, reader.HasDamagedEnd), Is.EqualTo((2, (long?)2, false)));
    }

    [Test]
    public void Read_LeavesOutAnEndlessLine_WithoutHoldingIt()
    {
        using (var file = File.Create(At("a.jsonl")))
        {
            file.Write(Encoding.UTF8.GetBytes(First + "\n"));
            file.SetLength(80L << 20); // sparse zeros, as a power loss leaves them
            file.Position = file.Length;
            file.Write(Encoding.UTF8.GetBytes("\n" + Second + "\n"));
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread();

        var steps = JsonLinesReader.ReadAll<GradientNormsLine>(At("a.jsonl")).Select(line => line.Step).ToList();

        Assert.That(steps, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - allocated, Is.LessThan(32 << 20));
    }

    [Test]
    public void Read_Throws_WhenTheLastLineIsIntactButOfAnotherKind()
    {
        File.WriteAllText(At("a.jsonl"), First + "\n" + """{"layers":[]}""" + "\n");

        Assert.That(() => JsonLinesReader.ReadAll<GradientNormsLine>(At("a.jsonl")).ToList(),
            Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith(At("a.jsonl") + ":2: "));
    }

    [Test]
    public void Read_LeavesOutALine_ThatIsNotUtf8()
    {
        File.WriteAllBytes(At("a.jsonl"), [.. """{"layers":[" """u8, 0xff, .. "\"]}\n{\"layers\":[]}\n"u8]);

        Assert.That(JsonLinesReader.ReadAll<GradientNormsHeader>(At("a.jsonl")).Count(), Is.EqualTo(1));
    }

    [Test]
    public void Read_ReturnsLinesOfEveryLength()
    {
        // Around the size of the read buffer, lines end before, on and after its border.
        var lines = Enumerable.Range(0, 300).Select(index => new GradientNormsHeader([new string('x', index * 997 % 70_000)])).ToList();
        using (var writer = new JsonLinesWriter(At("a.jsonl"))) lines.ForEach(writer.Write);

        var read = JsonLinesReader.ReadAll<GradientNormsHeader>(At("a.jsonl"));

        Assert.That(read.Select(line => line.Layers[0]), Is.EqualTo(lines.Select(line => line.Layers[0])));
    }

    [Test]
    public void Read_SeesLines_WhileTheWriterIsOpen()
    {
        using var writer = new JsonLinesWriter(At("a.jsonl"));
        writer.Write(new GradientNormsHeader(["a"]));

        Assert.That(JsonLinesReader.ReadAll<GradientNormsHeader>(At("a.jsonl")).Count(), Is.EqualTo(1));
    }
}
