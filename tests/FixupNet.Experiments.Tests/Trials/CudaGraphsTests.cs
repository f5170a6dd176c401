using FixupNet.Experiments.Trials;

namespace FixupNet.Experiments.Tests.Trials;

/// <summary>Which configurations steps can be captured of.</summary>
internal sealed class CudaGraphsTests : TrialFixture
{
    [TestCase("optimizer={\"name\":\"adam\"}")]
    [TestCase("optimizer={\"name\":\"adamw\"}")]
    [TestCase("regularization.weightAverageDecay=0.9")]
    [TestCase("regularization.dropout=0.1")]
    [TestCase("regularization.blockDropout=0.1")]
    [TestCase("regularization.stochasticDepth=0.1")]
    [TestCase("gradientTransforms=[{\"name\":\"agc\"}]")]
    public void WhyNot_FindsNoReason(string change) => Assert.That(CudaGraphs.WhyNot(Document(change).Config), Is.Null);
}
