using FixupNet.Reporting.Figures;
using FixupNet.Reporting.Results;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class SweepFiguresTests
{
    private SweepFixture _fixture = null!;

    private string AccuracyFile => Path.Combine(_fixture.Sweep.ReportFolder, "figures", "accuracy-against-depth.svg");

    private string NormsFile => Path.Combine(_fixture.Sweep.ReportFolder, "figures", "gradient-norms.svg");

    [SetUp]
    public void CreateSweep() => _fixture = new SweepFixture();

    [TearDown]
    public void DeleteSweep() => _fixture.Dispose();

    [Test]
    public void Write_NamesAndWritesWhatCanBeDrawn()
    {
        AddResults();

        var written = Write();

        Assert.That(written, Is.SupersetOf(new[] { AccuracyFile, NormsFile }));
        Assert.That(written.Select(path => Drawing.Load(path).Root.Elements().First().Value), Is.EqualTo(new[]
        {
            "Test accuracy against depth", "Training time against depth", "Peak memory against depth", "Gradient norm of every layer",
            "Gradient norm of every layer at chosen steps: depth 110, seed 1", "Gradient norm of layers over steps: depth 110, seed 1",
            "Gradient norm of every layer at chosen steps: depth 20, seed 1", "Gradient norm of layers over steps: depth 20, seed 1",
        }));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(AccuracyFile)!), Is.EquivalentTo(written));
    }

    [Test]
    public void Write_DeletesAFigure_WhenItsResultsAreGone()
    {
        AddResults();
        Write();
        foreach (var file in Directory.GetFiles(_fixture.Sweep.TrialsFolder, "*.json*", SearchOption.AllDirectories)) File.Delete(file);

        var written = Write();

        Assert.That(written, Is.Empty);
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(AccuracyFile)!), Is.Empty);
    }

    private IReadOnlyList<string> Write() => SweepFigures.Write(_fixture.Sweep.ReportFolder, ReportFigures.Of(SweepResults.Read(_fixture.Sweep.Root), []).All);

    private void AddResults()
    {
        foreach (var depth in new[] { 20, 110 })
        {
            var trial = _fixture.Add("fixup", depth, 1);
            trial.WriteSummary(SweepFixture.Completed(0.5));
            using var writer = new JsonLinesWriter(trial.GradientNormsFile);
            writer.Write(new GradientNormsHeader(["conv1", "fc"]));
            writer.Write(new GradientNormsLine(0, 0, 1, [1, 2]));
        }
    }
}
