using System.Text.Json;
using FixupNet.Reporting.Figures;
using FixupNet.Reporting.Results;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class UpdateSizeFigureTests
{
    [Test]
    public void Of_ShowsTheLastUpdate_AndWhatStoppedBeingFiniteAsNaN()
    {
        using var fixture = new SweepFixture();
        RunJson.WriteFile(fixture.Add("fixup", 20, 1).ProbeFile, new ProbeRecord([0, 0.5, 2]));
        RunJson.WriteFile(fixture.Add("fixup", 110, 1).ProbeFile, new ProbeRecord([0, 0.5, 3]));
        RunJson.WriteFile(fixture.Add("plain", 110, 1).ProbeFile, new ProbeRecord([9]));

        var figure = Figure(fixture)!;

        Assert.That(figure.Curves[0].Lines.Single().Points, Is.EqualTo(new ChartPoint[] { new(20, 2), new(110, 3) }));
        Assert.That(figure.Curves[1].Lines.Single().Points, Is.EqualTo(new ChartPoint[] { new(110, double.NaN) }));
        Assert.That(figure.Y.Label, Is.EqualTo("‖Δf(x)‖/η at update 3"));
    }

    // The study's answer counts more than a file that was saved beside the trial.
    [Test]
    public void Of_ShowsWhatTheStudyFound()
    {
        using var fixture = new SweepFixture();
        foreach (var depth in new[] { 20, 110 })
        {
            var trial = fixture.Add("fixup", depth, 1);
            Directory.CreateDirectory(trial.StudiesFolder);
            RunJson.WriteFile(trial.StudyFile(ProbeRecord.Study), new StudyRecord(ProbeRecord.Study, JsonElement.Parse("{}"), null, [],
                [new StudyCurve(ProbeRecord.UpdateSizesCurve, "update", "size", [1, 2], [0, depth])], 1));
            if (depth == 20) RunJson.WriteFile(trial.ProbeFile, new ProbeRecord([0, 5]));
        }

        Assert.That(Figure(fixture)!.Curves[0].Lines.Single().Points, Is.EqualTo(new ChartPoint[] { new(20, 20), new(110, 110) }));
    }

    [Test]
    public void ByRole_HasAFigureAMethod_AndACurveAKindOfParameter()
    {
        using var fixture = new SweepFixture();
        foreach (var (method, depth, size) in ((string, int, double)[])[("fixup", 20, 1), ("fixup", 110, 2), ("batchnorm", 20, 3), ("batchnorm", 110, 4)])
        {
            var trial = fixture.Add(method, depth, 1);
            Directory.CreateDirectory(trial.StudiesFolder);
            RunJson.WriteFile(trial.StudyFile(ProbeRecord.Study), new StudyRecord(ProbeRecord.Study, JsonElement.Parse("{}"), null,
                [new("size of update 5", 7), new("size of update 3, by weight", size), new("size of update 3, by scalar bias", 10 * size)], [], 1));
        }

        var results = SweepResults.Read(fixture.Sweep.Root);
        var axis = SweepAxis.Of(results);
        var figures = UpdateSizeFigure.ByRole(axis, SweepSeries.Of(results, axis), StudyAnswers.Read(results).Single());

        Assert.That(figures.Select(figure => figure.Title), Is.EqualTo(new[]
        {
            "Size of the third update by kind of parameter, fixup, against depth", "Size of the third update by kind of parameter, batchnorm, against depth",
        }));
        Assert.That(figures.Select(figure => figure.Name), Is.Unique);
        Assert.That(figures[1].Curves.Select(curve => (curve.Label, curve.Lines.Single().Points[1].Y)), Is.EqualTo(new[] { ("weight", 4.0), ("scalar bias", 40.0) }));
    }

    [Test]
    public void Of_IsNull_WhenThereAreNoProbes()
    {
        using var fixture = new SweepFixture();
        fixture.Add("fixup", 20, 1);
        fixture.Add("fixup", 110, 1);

        Assert.That(Figure(fixture), Is.Null);
    }

    [Test]
    public void Of_NamesTheFile_WhenAProbeIsDamaged()
    {
        using var fixture = new SweepFixture();
        var file = fixture.Add("fixup", 20, 1).ProbeFile;
        fixture.Add("fixup", 110, 1);
        File.WriteAllText(file, "{");

        Assert.That(() => Figure(fixture),
            Throws.InstanceOf<InvalidDataException>().With.Message.Contains(file));
    }

    private static Chart? Figure(SweepFixture fixture)
    {
        var results = SweepResults.Read(fixture.Sweep.Root);
        var axis = SweepAxis.Of(results);
        return UpdateSizeFigure.Of(axis, SweepSeries.Of(results, axis), StudyAnswers.Read(results).FirstOrDefault());
    }
}
