using FixupNet.Diagnostics;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;
using FixupNet.Training.Observers;
using FixupNet.Training.Tests.Data;

namespace FixupNet.Training.Tests.Observers;

public sealed class GradientNormRecorderTests
{
    private TempFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TempFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void OnStep_WritesEveryFewSteps_FromTheInitializationOn()
    {
        var (header, lines) = Record([.. Enumerable.Range(0, 8).Select(i => Some.Result(norm: i))]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(header!.Layers, Is.EqualTo(new[] { "first", "last" }));
            Assert.That(lines.Select(line => line.Step), Is.EqualTo(new[] { 0, 3, 6 }));
            Assert.That(lines.Select(line => line.Total), Is.EqualTo(new[] { 0, 3, 6 }));
            Assert.That(lines[1].Norms, Is.EqualTo(new[] { 1.5, 0.75 }));
            Assert.That((lines[1].Epoch, header.Format), Is.EqualTo((0.3, (int?)2)));
        }
    }

    [Test]
    public void OnStep_WritesAFailedStep_WhateverItsNumber()
    {
        var failed = new StepResult(
            1, [], 1, new GradientNormReading(double.NaN, [double.NaN, double.PositiveInfinity]), new NonFiniteValue("first", "the gradient norm is NaN"));

        var (_, lines) = Record(Some.Result(), failed);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines.Select(line => line.Step), Is.EqualTo(new[] { 0, 1 }));
            Assert.That(lines[1].Total, Is.NaN);
            Assert.That(lines[1].Norms, Is.EqualTo(new[] { double.NaN, double.PositiveInfinity }));
        }
    }

    [Test]
    public void Constructor_WritesNoSecondHeader_WhenTheFileIsContinued()
    {
        Record(Some.Result());

        var (_, lines) = Record(Some.Result());

        Assert.That(lines, Has.Count.EqualTo(2));
    }

    [Test]
    public void OnStep_GoesOnAsAnOlderVersionBegan()
    {
        using (var lines = new JsonLinesWriter(_folder.File("gradient-norms.jsonl"))) lines.Write(new GradientNormsHeader(["first", "last"]));

        var (header, written) = Record(Some.Result());

        Assert.That((written[0].Epoch, header!.AsMeasured(written[0]).Epoch), Is.EqualTo((0.1, 0.0)));
    }

    private (GradientNormsHeader? Header, List<GradientNormsLine> Lines) Record(params StepResult[] results)
    {
        var path = _folder.File("gradient-norms.jsonl");
        using (var recorder = new GradientNormRecorder(path, ["first", "last"], everySteps: 3))
        {
            for (var i = 0; i < results.Length; i++) recorder.OnStep(new StepReport(i, i / 10.0, (i + 1) / 10.0, results[i], 1, TimeSpan.Zero));
        }
        using var reader = new JsonLinesReader(path);
        var header = reader.Read<GradientNormsHeader>();
        List<GradientNormsLine> lines = [];
        while (reader.Read<GradientNormsLine>() is { } line) lines.Add(line);
        return (header, lines);
    }
}
