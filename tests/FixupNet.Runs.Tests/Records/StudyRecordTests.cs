using System.Text.Json;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Tests.Records;

/// <summary>What studies keep, now and before they had matrices and pictures.</summary>
public sealed class StudyRecordTests : TemporaryFolderTests
{
    [Test]
    public void Record_ReadsBackWhatWasWritten()
    {
        var written = new StudyRecord(
            "mine", JsonSerializer.SerializeToElement(new { images = 8 }), "step-0000000010", [new StudyValue("a", double.NaN)],
            [new StudyCurve("c", "x", "y", [0, 1], [0.25, double.PositiveInfinity], "share", IsLogarithmic: true)], 1.5,
            [new StudyMatrix("m", "after task", "on task", ["1", "2"], ["1", "2"], [[0.5, double.NaN], [0.25, 1]], "share")],
            [new StudyPictures("p", ["image 0"], ["image", "map"], 1, 2, [[[0, 1, 2, 253, 254, 255], [0, 255]]])]);

        RunJson.WriteFile(At("mine.json"), written);
        var read = RunJson.ReadFile<StudyRecord>(At("mine.json"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(read.Curves[0].Ys, Is.EqualTo(written.Curves[0].Ys));
            Assert.That((read.Curves[0].Unit, read.Curves[0].IsLogarithmic), Is.EqualTo(("share", true)));
            Assert.That(read.Matrices!.Single().Values, Is.EqualTo(written.Matrices![0].Values));
            Assert.That((read.Matrices![0].Rows, read.Matrices[0].Unit), Is.EqualTo(("after task", "share")));
            Assert.That(read.Pictures!.Single().Pixels, Is.EqualTo(written.Pictures![0].Pixels));
        }
    }

    [Test]
    public void Record_OfAnEarlierVersion_IsRead()
    {
        File.WriteAllText(At("pruning.json"), """
            {"study":"pruning","options":{"images":16},"weights":"step-0000000010","values":[{"name":"a","value":1,"unit":"share"}],
             "curves":[{"name":"c","x":"share","y":"accuracy","xs":[0,0.5],"ys":[1,0.5]}],"elapsedSeconds":2}
            """);

        var read = RunJson.ReadFile<StudyRecord>(At("pruning.json"));

        Assert.That((read.Matrices, read.Pictures, read.Curves[0].Unit, read.Curves[0].IsLogarithmic), Is.EqualTo(((object?)null, (object?)null, "", false)));
    }
}
