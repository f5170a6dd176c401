using System.Text.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Runs.TensorBoard;

namespace FixupNet.Runs.Tests.TensorBoard;

public sealed class TensorBoardRunTests : TemporaryFolderTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Test]
    public void EventReader_KnowsTheChecksumOfRfc3720() =>
        Assert.That(EventReader.Crc32C("123456789"u8), Is.EqualTo(0xe3069283)); // the check value of CRC-32C

    [Test]
    public void Run_BeginsWithTheVersion()
    {
        var records = Write(_ => { });

        Assert.That(EventReader.Decode(records.Single()), Does.Match("""(?s)^1: 0x[0-9a-f]{16}\n3: "brain.Event:2"\n$"""));
    }

    [Test]
    public void Run_NamesItsFileAsTensorBoardExpects()
    {
        Write(_ => { });

        Assert.That(Path.GetFileName(Directory.GetFiles(Folder).Single()), Is.EqualTo("events.out.tfevents.1767323045.fixupnet"));
    }

    [Test]
    public void Add_WritesScalars()
    {
        var records = Write(run => run.Add(new MetricsLine(0, 300, 1.5, MetricsSplit.Train, new MetricValues(("loss", 0.5), ("accuracy", 0.25)), double.PositiveInfinity, null, 2)));

        Assert.That(Lines(records[1])[1..], Is.EqualTo(new[]
        {
            "2: 300",
            "5 {",
            "1 {", "1: \"train/loss\"", "2: 0x3f000000", "}",
            "1 {", "1: \"train/accuracy\"", "2: 0x3e800000", "}",
            "1 {", "1: \"train/gradientNorm\"", "2: 0x7f800000", "}", // infinity, as IEEE 754 has it
            "1 {", "1: \"train/imagesPerSecond\"", "2: 0x40000000", "}",
            "}",
        }));
    }

    [Test]
    public void Add_WritesTheTimeOfTheEvent()
    {
        var records = Write(run => run.Add(new MetricsLine(0, 1, 1, MetricsSplit.Test, new MetricValues(("loss", 1), ("accuracy", 1)))));

        Assert.That(Lines(records[1])[0], Is.EqualTo($"1: 0x{BitConverter.DoubleToUInt64Bits(1767323045.0):x16}"));
    }

    [Test]
    public void Add_WritesAHistogramOfLayers_AndCountsThoseThatHaveNoLogarithm()
    {
        var records = Write(run => run.Add(new GradientNormsLine(7, 1, 1, [0, 1e-2, 1e-30, 0, double.NaN, 1e-16])));

        var text = string.Join(' ', Lines(records[1]));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Contain("1: \"gradientNorms/layersAtZero\" 2: 0x40000000 }")); // 2
            Assert.That(text, Does.Contain("1: \"gradientNorms/layersNotFinite\" 2: 0x3f800000 }")); // 1
            // min -30, max -2, num 3, sum -48, sum of squares 900 + 256 + 4
            Assert.That(text, Does.Contain($"1: \"gradientNorms/log10\" 5 {{ 1: {Hex(-30)} 2: {Hex(-2)} 3: {Hex(3)} 4: {Hex(-48)} 5: {Hex(1160)} "));
        }
    }

    [Test]
    public void Histogram_CountsEveryValueOnce()
    {
        var values = Enumerable.Range(0, 1000).Select(i => Math.Sin(i)).ToArray();

        var (limits, counts) = Buckets(SummaryValue.Histogram("tag", values), 30);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(counts.Sum(), Is.EqualTo(1000));
            Assert.That(limits, Is.Ordered.Ascending.And.Length.EqualTo(30));
            Assert.That(limits[^1], Is.EqualTo(values.Max()));
            Assert.That(counts[0], Is.EqualTo(values.Count(value => value < limits[0])));
        }
    }

    [Test]
    public void Histogram_HasOneBucket_WhenAllValuesAreEqual()
    {
        var (limits, counts) = Buckets(SummaryValue.Histogram("tag", [2.0, 2, 2]), 1);

        Assert.That((limits, counts), Is.EqualTo((new[] { 2.0 }, new[] { 3.0 })));
    }

    [Test]
    public void Start_WritesEverySettingAsAHyperparameter()
    {
        using var config = JsonDocument.Parse("""
            { "name": "x", "seed": 3, "model": { "name": "resnet", "deep": true, "none": null }, "schedule": { "milestonesEpochs": [1, 2] } }
            """);

        var records = Write(run => run.Start(config.RootElement));

        var text = string.Join(' ', Lines(records[1]));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Contain("1: \"_hparams_/session_start_info\"").And.Contain("1: \"hparams\" 2 { 1: 0 3 { "));
            Assert.That(text, Does.Contain($"1 {{ 1: \"seed\" 2 {{ 2: {Hex(3)} }} }}"));
            Assert.That(text, Does.Contain("1 { 1: \"model.name\" 2 { 3: \"resnet\" } }").And.Contain("1 { 1: \"model.deep\" 2 { 4: 1 } }"));
            Assert.That(text, Does.Contain("1 { 1: \"schedule.milestonesEpochs\" 2 { 3: \"[1, 2]\" } }"));
            Assert.That(text, Does.Not.Contain("model.none").And.Not.Contain("\"name\""));
        }
    }

    [TestCase(TrialState.Completed, 1)]
    [TestCase(TrialState.Diverged, 2)]
    public void End_WritesTheStatus(TrialState state, int status)
    {
        var records = Write(run => run.End(state, 9));

        Assert.That(string.Join(' ', Lines(records[1])), Does.Contain("1: \"_hparams_/session_end_info\"").And.Contain($"1: \"hparams\" 2 {{ 1: 0 4 {{ 1: {status} 2: "));
    }

    [Test]
    public void Run_CanBeReadWhileItGrows()
    {
        using var run = new TensorBoardRun(Folder, () => s_now);
        run.Add(new MetricsLine(0, 1, 1, MetricsSplit.Test, new MetricValues(("loss", 1), ("accuracy", 1))));

        Assert.That(EventReader.Records(Directory.GetFiles(Folder).Single()), Has.Count.EqualTo(2));
    }

    private IReadOnlyList<byte[]> Write(Action<TensorBoardRun> write)
    {
        using (var run = new TensorBoardRun(Folder, () => s_now)) write(run);
        return EventReader.Records(Directory.GetFiles(Folder).Single());
    }

    private static string[] Lines(byte[] message) => EventReader.Decode(message).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string Hex(double value) => $"0x{BitConverter.DoubleToUInt64Bits(value):x16}";

    // The packed lists are the last two fields, of which protoc cannot know what they hold.
    private static (double[] Limits, double[] Counts) Buckets(ProtobufMessage value, int count)
    {
        var bytes = value.Bytes.ToArray();
        var counts = Doubles(bytes.AsSpan(bytes.Length - 8 * count));
        var header = count == 1 ? 2 : 3; // field, length in one byte or two
        return (Doubles(bytes.AsSpan(bytes.Length - 8 * 2 * count - header, 8 * count)), counts);
    }

    private static double[] Doubles(ReadOnlySpan<byte> bytes)
    {
        var values = new double[bytes.Length / 8];
        for (var i = 0; i < values.Length; i++) values[i] = BitConverter.ToDouble(bytes[(8 * i)..]);
        return values;
    }
}
