namespace FixupNet.Experiments.Tests.Trials;

/// <summary>Every option of a training that remembers or draws something: cut off twice and continued, the same bits as in one go.</summary>
internal sealed class OptionResumeTests : TrialFixture
{
    [TestCase("""gradientTransforms=[{"name":"agc"},{"name":"clip-norm","maxNorm":0.1},{"name":"clip-value","maxValue":0.01}]""")]
    [TestCase("optimizer.nesterov=true")]
    [TestCase("""optimizer={"name":"adam","learningRate":0.01}""")]
    [TestCase("""optimizer={"name":"adamw","learningRate":0.01}""", "training.engine=eager")]
    [TestCase("schedule.warmupEpochs=1")]
    [TestCase("regularization.labelSmoothing=0.1", "augmentation.mixupAlpha=0.5")]
    [TestCase("regularization.weightAverageDecay=0.9")]
    [TestCase("regularization.weightAverageDecay=0.9", "model.variant=batchnorm")]
    [TestCase("regularization.dropout=0.2", "regularization.blockDropout=0.1", "regularization.stochasticDepth=0.3")]
    [TestCase("regularization.stochasticDepth=0.3", "model.variant=batchnorm")]
    [TestCase("regularization.blockDropout=0.3", "training.microBatchSize=5")]
    [TestCase("augmentation.cutout=12", "augmentation.randomErasing=0.5")]
    [TestCase("optimizer.scalarLearningRateRule=depth", "optimizer.scalarDepthThreshold=2")]
    public void Run_ContinuesWithTheSameBits(params string[] changes)
    {
        var (whole, cut) = (At("a"), At("b"));
        Run(Document(changes), whole);

        Run(Document(changes), cut, OnCpu with { MaxSteps = 3 });
        Run(Document(changes), cut, OnCpu with { MaxSteps = 10 });
        Run(Document(changes), cut);

        TrialResumeTests.AssertSame(cut, whole);
    }
}
