using FixupNet.Experiments.Trials;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Trials;

internal sealed class EvaluationRunnerTests : TrialFixture
{
    [TestCase("fixup")]
    [TestCase("batchnorm")]
    public void Run_GivesWhatTheTrialMeasured(string variant)
    {
        var directory = At("a");
        var document = Document($"model.variant={variant}");
        var summary = Run(document, directory);

        var evaluation = EvaluationRunner.Run(document, Path.Combine(directory.CheckpointFolder(14), "model.safetensors"), OnCpu);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(evaluation.Loss, Is.EqualTo(summary.Test!.Loss).Within(1e-4).Percent); // the engine's sums round otherwise than libtorch's
            Assert.That(evaluation.Values["accuracy"], Is.EqualTo(summary.Test["accuracy"]));
            Assert.That(evaluation.ExampleCount, Is.EqualTo(100));
        }
    }

    // Fixup's classifier is 0: every class is as likely as any other.
    [Test]
    public void Run_EvaluatesTheInitialization_WithoutWeights() =>
        Assert.That(EvaluationRunner.Run(Document(), weightsFile: null, OnCpu).Loss, Is.EqualTo(Math.Log(10)).Within(1e-6)); // float32

    [Test]
    public void Run_Refuses_WeightsOfAnotherNetwork()
    {
        var directory = At("a");
        Run(Document("training.epochs=0"), directory);
        var weights = Path.Combine(directory.CheckpointFolder(0), "model.safetensors");

        Assert.That(() => EvaluationRunner.Run(Document("model.width=8"), weights, OnCpu), Throws.TypeOf<InvalidDataException>().With.Message.Contains("shape"));
    }
}
