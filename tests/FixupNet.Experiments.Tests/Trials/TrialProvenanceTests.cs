using FixupNet.Experiments.Trials;

namespace FixupNet.Experiments.Tests.Trials;

/// <summary>What a run records of where its code and its weights are from.</summary>
internal sealed class TrialProvenanceTests : TrialFixture
{
    [Test]
    public void Run_RecordsTheProgramsSourcesAndTheDigestOfItsFirstWeights()
    {
        var (first, second) = (At("a"), At("b"));
        Run(Document("training.epochs=1"), first);
        var weights = Path.Combine(first.CheckpointFolder(7), "model.safetensors");

        Run(Document("training.epochs=0", $"initialization.weights={weights}"), second);

        var environment = second.ReadEnvironment()!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((first.ReadEnvironment()!.WeightsDigest, environment.WeightsDigest), Is.EqualTo((null as string, WeightFiles.Digest(weights))));
            Assert.That((environment.Source!.Code, environment.Commit), Is.EqualTo((ProgramSource.Current.Code, ProgramSource.Current.Commit)));
        }
    }
}
