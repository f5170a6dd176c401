using FixupNet.Reporting.Tables;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Tables;

public sealed class SweepTableReaderTests
{
    private SweepFixture _fixture = null!;

    [SetUp]
    public void CreateSweep() => _fixture = new SweepFixture();

    [TearDown]
    public void DeleteSweep() => _fixture.Dispose();

    [Test]
    public void Read_GroupsByAllButTheSeed()
    {
        foreach (var seed in new[] { 1, 2, 3 })
        {
            _fixture.Add("fixup", 110, seed);
            _fixture.Add("plain", 20, seed);
        }

        var table = _fixture.Read();

        Assert.That(table.Rows.Select(row => row.SeedCount), Is.EqualTo(new[] { 3, 3 }));
    }

    [Test]
    public void Read_KeepsVaryingKeysOnly()
    {
        _fixture.Add("fixup", 110, 1);
        _fixture.Add("plain", 20, 2);

        var table = _fixture.Read();

        Assert.That(table.Keys, Is.EqualTo(new[] { "model.depth", "model.variant" })); // neither training.epochs nor seed
    }

    [Test]
    public void Read_SortsNumbersByValueAndNamesAsPlanned()
    {
        foreach (var depth in new[] { 1202, 110, 20 })
            foreach (var variant in new[] { "fixup", "batchnorm" }) _fixture.Add(variant, depth, 1);

        var table = _fixture.Read();

        Assert.That(table.Rows.Select(row => $"{row.Parameters["model.depth"]} {row.Parameters["model.variant"]}"), Is.EqualTo(new[]
        {
            "20 fixup", "20 batchnorm", "110 fixup", "110 batchnorm", "1202 fixup", "1202 batchnorm",
        }));
    }

    [Test]
    public void Read_ComputesMeanAndSampleDeviationOfTheLastTest()
    {
        _fixture.Add("fixup", 20, 1).WriteSummary(SweepFixture.Completed(0.5));
        _fixture.Add("fixup", 20, 2).WriteSummary(SweepFixture.Completed(0.75));

        var row = _fixture.Read().Rows.Single();

        Assert.That(row.Test("accuracy"), Is.EqualTo(new MetricStatistics(0.625, Math.Sqrt(0.03125), 2)));
    }

    [Test]
    public void Read_GivesNoDeviation_WhenThereIsOneSeed()
    {
        _fixture.Add("fixup", 20, 1).WriteSummary(SweepFixture.Completed(0.5));

        var row = _fixture.Read().Rows.Single();

        Assert.That(row.Test("accuracy"), Is.EqualTo(new MetricStatistics(0.5, null, 1)));
    }

    [Test]
    public void Read_AveragesCompletedTrialsOnly_WhenOthersDiverged()
    {
        _fixture.Add("plain", 110, 1).WriteSummary(SweepFixture.Completed(0.5));
        _fixture.Add("plain", 110, 2).WriteSummary(SweepFixture.Diverged(7, "conv1"));

        var row = _fixture.Read().Rows.Single();

        Assert.That((row.Test("accuracy"), row.TrainLoss), Is.EqualTo((new MetricStatistics(0.5, null, 1), (double?)0.5)));
    }

    [Test]
    public void Read_ShowsTheLossButNoAccuracy_WhenAllDiverged()
    {
        _fixture.Add("plain", 110, 1).WriteSummary(SweepFixture.Diverged(9, "layer3.0.conv2"));
        _fixture.Add("plain", 110, 2).WriteSummary(SweepFixture.Diverged(7, "layer1.0.conv1"));

        var row = _fixture.Read().Rows.Single();

        Assert.That((row.Test("accuracy"), row.TrainLoss, row.FirstLayerGradientNorm, row.LastLayerGradientNorm, row.FirstDivergence),
            Is.EqualTo(((MetricStatistics?)null, (double?)double.NaN, (double?)double.PositiveInfinity, (double?)double.NaN,
                new DivergenceRecord(7, "loss", "layer1.0.conv1"))));
    }

    [Test]
    public void Read_CountsStoppedTrials_WhenNoneCompleted()
    {
        _fixture.Add("plain", 110, 1).WriteSummary(SweepFixture.Completed(0.25) with { State = TrialState.Stopped });
        _fixture.Add("plain", 110, 2).WriteSummary(SweepFixture.Diverged(7, null));

        var row = _fixture.Read().Rows.Single();

        Assert.That(row.Test("accuracy"), Is.EqualTo(new MetricStatistics(0.25, null, 1)));
    }

    [Test]
    public void Read_TakesMedianNormsAndLargestMemory()
    {
        _fixture.Add("fixup", 20, 1).WriteSummary(SweepFixture.Completed(0.5, norm: 4) with { PeakMemoryBytes = 100, ElapsedSeconds = 30 });
        _fixture.Add("fixup", 20, 2).WriteSummary(SweepFixture.Completed(0.5, norm: 1) with { PeakMemoryBytes = 300, ElapsedSeconds = 10 });
        _fixture.Add("fixup", 20, 3).WriteSummary(SweepFixture.Completed(0.5, norm: 2) with { PeakMemoryBytes = null, ElapsedSeconds = 20 });

        var row = _fixture.Read().Rows.Single();

        Assert.That((row.FirstLayerGradientNorm, row.LastLayerGradientNorm, row.PeakMemoryBytes, row.ElapsedSeconds, row.ImagesPerSecond),
            Is.EqualTo((2, 20, 300, 20, 1000)));
    }

    [Test]
    public void Columns_TellTheShareOfTimeThatStepsWaited_WhereSomeRead()
    {
        _fixture.Add("fixup", 20, 1).WriteSummary(SweepFixture.Completed(0.5));
        var before = (SweepTableText.ToMarkdown(_fixture.Read()), SweepTableText.ToCsv(_fixture.Read()), SweepTableText.ToJson(_fixture.Read()));
        _fixture.Add("fixup", 20, 2).WriteSummary(SweepFixture.Completed(0.5) with { WaitedShare = 0.25 });

        var table = _fixture.Read();

        using (Assert.EnterMultipleScope())
        {
            Assert.That($"{before}", Does.Not.Contain("waited"));
            Assert.That(SweepTableText.ToMarkdown(table), Does.Contain("| images/s | waited % | peak memory |").And.Contain("| 1000 | 25.00 | 3.0 MiB |"));
            Assert.That(SweepTableText.ToCsv(table), Does.Contain("imagesPerSecond,waitedShare,peakMemoryBytes").And.Contain(",1000,0.25,3145728"));
            Assert.That(SweepTableText.ToJson(table), Does.Contain("\"waitedShare\": 0.25"));
        }
    }

    [Test]
    public void Read_ReadsASweepThatRuns()
    {
        _fixture.Add("fixup", 20, 1).WriteSummary(SweepFixture.Completed(0.5));
        _fixture.Add("fixup", 20, 2).WriteStatus(new TrialStatus(TrialState.Running, 5, 0.1, DateTimeOffset.UnixEpoch));
        Directory.Delete(_fixture.Add("fixup", 20, 3).Root);

        var row = _fixture.Read().Rows.Single();

        Assert.That(row.States, Is.EqualTo(new Dictionary<TrialState, int>
        {
            [TrialState.Pending] = 1, [TrialState.Running] = 1, [TrialState.Completed] = 1,
        }));
    }

    [Test]
    public void Read_NamesTheFile_WhenAResultIsDamaged()
    {
        var trial = _fixture.Add("fixup", 20, 1);
        File.WriteAllText(trial.SummaryFile, "{");

        Assert.That(() => _fixture.Read(), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(trial.SummaryFile));
    }

    [Test]
    public void Read_Throws_WhenThereIsNoSweep() =>
        Assert.That(() => SweepTableReader.Read(_fixture.Sweep.Root), Throws.InstanceOf<FileNotFoundException>());
}
