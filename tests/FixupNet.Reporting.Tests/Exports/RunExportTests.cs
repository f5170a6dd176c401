using System.Text;
using FixupNet.Reporting.Exports;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Exports;

internal sealed class RunExportTests
{
    private static readonly MetricsLine[] s_metrics =
    [
        new(0, 10, 0.5, MetricsSplit.Train, new MetricValues(("loss", 0.1 + 0.2), ("accuracy", 0.25)), double.PositiveInfinity, 0.1, 1000, 123, 10, 12.5),
        new(1, 20, 1, MetricsSplit.Test, new MetricValues(("loss", double.NaN), ("accuracy", 1 / 3.0))),
    ];

    private static readonly GradientNormsLine[] s_norms = [new(0, 0.5, 1, [0, 1e-30]), new(10, 1, 1, [double.NaN, 3.5])];

    private SweepFixture _sweep = null!;
    private TrialDirectory _first = null!;

    [SetUp]
    public void CreateSweep()
    {
        _sweep = new SweepFixture();
        _first = _sweep.Add("fixup", 20, 1);
        _first.WriteSummary(SweepFixture.Completed(0.5));
        WriteRecords(_first);
        _sweep.Add("=plain,", 56, 2).WriteSummary(SweepFixture.Diverged(7, "layer1.0"));
    }

    [TearDown]
    public void DeleteSweep() => _sweep.Dispose();

    [Test]
    public void Csv_HasARowATrial()
    {
        var rows = Csv("summary.csv");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(rows, Has.Length.EqualTo(3));
            Assert.That(rows[0], Does.StartWith("trial,name,seed,model.depth,model.variant,training.epochs,state,steps,"));
            Assert.That(rows[1], Does.StartWith("0,trial,1,20,fixup,1,completed,100,"));
            Assert.That(rows[2], Does.StartWith("1,trial,2,56,\"'=plain,\",1,diverged,7,")); // no formula, and one cell
            Assert.That(rows.Select(row => row.Replace("\"'=plain,\"", "").Count(letter => letter == ',')).Distinct().Count(), Is.EqualTo(1));
        }
    }

    [Test]
    public void Csv_HasExactMetrics() => Assert.That(Csv("metrics.csv")[1..], Is.EqualTo(new[]
    {
        "0,0,10,0.5,train,0.30000000000000004,0.25,Infinity,0.1,1000,123,10,12.5", "0,1,20,1,test,NaN,0.3333333333333333,,,,,,",
    }));

    [Test]
    public void Csv_HasARowAStepAndLayer() => Assert.That(Csv("gradient-norms.csv"), Is.EqualTo(new[]
    {
        "trial,step,epoch,layerIndex,layer,norm", "0,0,0.5,0,conv1,0", "0,0,0.5,1,fc,1E-30", "0,10,1,0,conv1,NaN", "0,10,1,1,fc,3.5",
    }));

    [Test]
    public void Npy_HoldsStepsByLayers()
    {
        var (header, values) = Npy("gradient-norms.npy");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(header, Does.StartWith("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }"));
            Assert.That(Doubles(values), Is.EqualTo(new[] { 0, 1e-30, double.NaN, 3.5 }));
            Assert.That(Npy("steps.npy").Values, Is.EqualTo(BitConverter.GetBytes(0L).Concat(BitConverter.GetBytes(10L))));
            Assert.That(File.ReadAllLines(NpyPath("layers.txt")), Is.EqualTo(new[] { "conv1", "fc" }));
        }
    }

    [Test]
    public void Npy_HoldsMetricsAsAStructuredArray()
    {
        var (header, values) = Npy("metrics.npy");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(header, Does.StartWith("{'descr': [('seq', '<i8'), ('step', '<i8'), ('epoch', '<f8'), ('split', '<U5'), ('loss', '<f8'), ").And.Contain("'shape': (2, )"));
            Assert.That(values, Has.Length.EqualTo(2 * (11 * 8 + 5 * 4)));
            Assert.That(Encoding.UTF32.GetString(values, 24, 20), Is.EqualTo("train"));
            Assert.That(Encoding.UTF32.GetString(values, 108 + 24, 20), Is.EqualTo("test\0"));
            Assert.That(Doubles(values[44..108]), Is.EqualTo(new[] { 0.1 + 0.2, 0.25, double.PositiveInfinity, 0.1, 1000, 123, 10, 12.5 }));
            Assert.That(Doubles(values[(108 + 44)..]), Is.EqualTo(new[] { double.NaN, 1 / 3.0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN }));
        }
    }

    // Of runs that read their images while they train; where none does, there is no such column.
    [Test]
    public void Exports_TellTheShareOfTimeThatStepsWaited()
    {
        _first.WriteSummary(SweepFixture.Completed(0.5) with { WaitedShare = 0.125 });
        File.Delete(_first.MetricsFile);
        using (var metrics = new JsonLinesWriter(_first.MetricsFile))
            foreach (var line in s_metrics) metrics.Write(line with { WaitedShare = line.Split == MetricsSplit.Train ? 0.25 : null });

        var (lines, summaries, (header, values)) = (Csv("metrics.csv"), Csv("summary.csv"), Npy("metrics.npy"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines[0], Does.EndWith(",elapsedSeconds,waitedShare"));
            Assert.That(lines[1..].Select(line => line.Split(',')[^1]), Is.EqualTo(new[] { "0.25", "" }));
            Assert.That(summaries.Select(line => line.Split(',')[^1]), Is.EqualTo(new[] { "waitedShare", "0.125", "" }));
            Assert.That(header, Does.Contain("('elapsedSeconds', '<f8'), ('waitedShare', '<f8')]"));
            Assert.That(Doubles(values[108..116]), Is.EqualTo(new[] { 0.25 }));
            Assert.That(File.ReadAllText(Export("tensorboard")[0], Encoding.Latin1), Does.Contain("train/waitedShare").And.Not.Contain("test/waitedShare"));
        }
    }

    [Test]
    public void TensorBoard_WritesOneFileARun_HoweverOftenItIsExported()
    {
        Export("tensorboard");

        var files = Export("tensorboard");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Directory.GetFiles(Path.Combine(_sweep.Sweep.Root, "out", "tensorboard"), "*", SearchOption.AllDirectories), Is.EqualTo(files));
            Assert.That(files, Has.Count.EqualTo(1)); // the other trial has recorded nothing
            Assert.That(File.ReadAllText(files[0], Encoding.Latin1), Does.Contain("test/accuracy").And.Contain("gradientNorms/log10").And.Contain("session_end_info"));
        }
    }

    // 8 bytes of the tag 0x09, the first field: the time of the event.
    [Test]
    public void TensorBoard_TellsWhenSomethingWasMeasured()
    {
        _first.WriteEnvironment(new EnvironmentRecord("x", "x", "x", "x", "x", "x", "x", 1, "x", new Dictionary<string, long>(), DateTimeOffset.FromUnixTimeSeconds(1_000)));

        var bytes = File.ReadAllBytes(Export("tensorboard")[0]);

        var times = new List<double>();
        for (var at = 0; at < bytes.Length; at += 16 + (int)BitConverter.ToInt64(bytes, at)) times.Add(BitConverter.ToDouble(bytes, at + 13));
        // The beginning; two lines of metrics, the later of a version without times; norms at steps 0 and 10; the end.
        Assert.That(times, Is.EqualTo(new[] { 1_000, 1_012.5, 1_004, 1_000, 1_012.5, 1_020 }));
    }

    [Test]
    public void TensorBoard_TakesNoTimeThatCannotBe([Values("\"NaN\"", "1e300", "-1")] string seconds)
    {
        File.AppendAllText(_first.MetricsFile, $"{{\"seq\":2,\"step\":30,\"epoch\":2,\"split\":\"test\",\"loss\":1,\"accuracy\":1,\"elapsedSeconds\":{seconds}}}\n");

        Assert.That(Export("tensorboard"), Has.Count.EqualTo(1));
    }

    [TestCase("7", "7")]
    [TestCase("\"7\"", "")]
    [TestCase("1e99", "")]
    public void Write_TellsTheSeedOfARunOfItsOwn(string seed, string expected)
    {
        File.WriteAllText(_first.ConfigFile, $"{{ \"seed\": {seed} }}");

        var files = RunExport.Write(_first.Root, "csv", Path.Combine(_sweep.Sweep.Root, "one"));

        Assert.That(File.ReadAllLines(files[0])[1].Split(',')[2], Is.EqualTo(expected));
    }

    [Test]
    public void Write_ExportsARunOfItsOwn()
    {
        File.WriteAllText(_first.ConfigFile, """{ "seed": 1 }""");

        var files = RunExport.Write(_first.Root, "csv", Path.Combine(_sweep.Sweep.Root, "one"));

        Assert.That(File.ReadAllLines(files[1]), Has.Length.EqualTo(3));
    }

    [Test]
    public void Write_Refuses_WhenTheFolderIsNeither() =>
        Assert.That(() => RunExport.Write(Path.Combine(_sweep.Sweep.Root, "trials"), "csv", _sweep.Sweep.Root), Throws.TypeOf<FileNotFoundException>());

    [TestCase("csv")]
    [TestCase("npy")]
    [TestCase("tensorboard")]
    public void Write_Refuses_WhenARecordIsDamaged(string format)
    {
        using (var lines = new JsonLinesWriter(_first.GradientNormsFile)) lines.Write(new GradientNormsLine(20, 1, 1, [1, 2, 3]));

        Assert.That(() => Export(format), Throws.TypeOf<InvalidDataException>().With.Message.Contains("3 norms for 2 layers"));
    }

    [Test]
    public void Write_LeavesOutALineThatACrashCutOff()
    {
        File.AppendAllText(_first.MetricsFile, "{\"seq\":2,\"st");

        Assert.That(Csv("metrics.csv"), Has.Length.EqualTo(3));
    }

    private static void WriteRecords(TrialDirectory trial)
    {
        using var metrics = new JsonLinesWriter(trial.MetricsFile);
        foreach (var line in s_metrics) metrics.Write(line);
        using var norms = new JsonLinesWriter(trial.GradientNormsFile);
        norms.Write(new GradientNormsHeader(["conv1", "fc"], GradientNormsHeader.CurrentFormat));
        foreach (var line in s_norms) norms.Write(line);
    }

    private IReadOnlyList<string> Export(string format) => RunExport.Write(_sweep.Sweep.Root, format, Path.Combine(_sweep.Sweep.Root, "out", format));

    private string[] Csv(string name) => File.ReadAllLines(Export("csv").Single(path => Path.GetFileName(path) == name));

    private string NpyPath(string name) => Path.Combine(_sweep.Sweep.Root, "out", "npy", Path.GetFileName(_first.Root), name);

    private (string Header, byte[] Values) Npy(string name)
    {
        Export("npy");
        var bytes = File.ReadAllBytes(NpyPath(name));
        Assert.That(bytes[..8], Is.EqualTo(new byte[] { 0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0 }));
        var end = 10 + BitConverter.ToUInt16(bytes, 8);
        Assert.That((end % 64, bytes[end - 1]), Is.EqualTo((0, (byte)'\n'))); // as the format demands
        return (Encoding.ASCII.GetString(bytes, 10, end - 10), bytes[end..]);
    }

    private static double[] Doubles(byte[] bytes) => [.. bytes.Chunk(8).Select(part => BitConverter.ToDouble(part))];
}
