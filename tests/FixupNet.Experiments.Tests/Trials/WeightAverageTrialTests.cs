using FixupNet.Experiments.Trials;
using FixupNet.Runs.Checkpoints;

namespace FixupNet.Experiments.Tests.Trials;

/// <summary>A moving average of the weights is what a trial evaluates, and lies beside the weights in its checkpoints.</summary>
internal sealed class WeightAverageTrialTests : TrialFixture
{
    [Test]
    public void Run_EvaluatesAndSavesTheAverage()
    {
        var (directory, plain) = (At("a"), At("b"));

        var summary = Run(Document("regularization.weightAverageDecay=0.9"), directory);
        var other = Run(Document(), plain);

        var checkpoint = new CheckpointStore(directory, 2).FindNewest(setAside: false, [])!;
        double LossOf(string file) => EvaluationRunner.Run(Document(), checkpoint.PathOf(file), OnCpu).Loss;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(summary.Train, Is.EqualTo(other.Train)); // training itself is as it was
            Assert.That(LossOf(Checkpoint.AverageFile), Is.EqualTo(summary.Test!.Loss).Within(1e-3).Percent); // engines round differently
            Assert.That(LossOf(Checkpoint.ModelFile), Is.EqualTo(other.Test!.Loss).Within(1e-3).Percent);
            Assert.That(summary.Test.Loss, Is.Not.EqualTo(other.Test.Loss));
        }
    }
}
