using System.Text;
using FixupNet.Training.Observers;
using FixupNet.Training.Tests.Data;

namespace FixupNet.Training.Tests.Observers;

public sealed class TensorBoardRecorderTests
{
    // What the bytes of an event file mean is tested where they are written, in FixupNet.Runs.Tests.
    [Test]
    public void Add_WritesTheLinesOfTheOtherRecorders_WhileTheRunGoesOn()
    {
        using var folder = new TempFolder();
        var board = Path.Combine(folder.Path, "tensorboard");
        using var recorder = new TensorBoardRecorder(board, """{ "model": { "depth": 20 } }""", new ManualClock());
        using var metrics = new MetricsRecorder(Path.Combine(folder.Path, "metrics.jsonl"), new MetricsOptions(1, 0.1, 100), recorder.Add);
        using var norms = new GradientNormRecorder(Path.Combine(folder.Path, "norms.jsonl"), ["first", "last"], 1, written: recorder.Add);

        metrics.OnStep(new StepReport(0, 0, 1, Some.Result(), 1, TimeSpan.FromSeconds(1)));
        norms.OnStep(new StepReport(0, 0, 1, Some.Result(), 1, TimeSpan.FromSeconds(1)));

        Assert.That(Text(Directory.GetFiles(board).Single()), Does.Contain("model.depth").And.Contain("train/loss").And.Contain("gradientNorms/log10"));
    }

    private static string Text(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
