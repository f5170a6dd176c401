using FixupNet.Execution;
using FixupNet.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Execution;

/// <summary>Many threads do what one does.</summary>
[NonParallelizable]
internal sealed class ManyElementsTests
{
    private int _threads;

    [SetUp]
    public void TakeThreads()
    {
        _threads = get_num_threads();
        set_num_threads(3);
    }

    [TearDown]
    public void ReturnThreads() => set_num_threads(_threads);

    [TestCase(ManyElements.Enough - 1)]
    [TestCase(ManyElements.Enough)]
    public void ForEach_DoesEachOnce(long elements)
    {
        var done = new int[1000];

        ManyElements.ForEach(elements, done.Length, i => Interlocked.Increment(ref done[i]));

        Assert.That(done, Is.All.EqualTo(1));
    }

    [TestCase(ManyElements.Enough - 1)]
    [TestCase(ManyElements.Enough)]
    public void ForEach_ThrowsWhatIsThrown(long elements) =>
        Assert.That(() => ManyElements.ForEach(elements, 100, i => { if (i == 70) throw new InvalidOperationException("no gradient"); }), Throws.InvalidOperationException);

    [TestCase(double.NaN, false)]
    [TestCase(1, true)]
    public void FusedStep_IsThatOfOneThread_AndSeesEveryPiece(double last, bool isFinite)
    {
        using var scope = NewDisposeScope();
        const long Count = (2 * ManyElements.Enough) + 37;
        var step = new SgdStep(LearningRate: 0.1, Momentum: 0.9, WeightDecay: 1e-3, Nesterov: false);
        var (weights, gradients, velocities) = (randn([Count]), randn([Count]), randn([Count]));
        gradients.narrow(0, Count - 1, 1).fill_(last);
        var (expectedWeights, expectedVelocities) = (weights.clone(), velocities.clone());

        var isFiniteWithMany = SgdKernels.Fused(weights, gradients, velocities, step);
        set_num_threads(1);
        var isFiniteWithOne = SgdKernels.Fused(expectedWeights, gradients, expectedVelocities, step);

        Assert.That((isFiniteWithMany, isFiniteWithOne), Is.EqualTo((isFinite, isFinite)));
        Assert.That(weights.bytes.SequenceEqual(expectedWeights.bytes), Is.True);
        Assert.That(velocities.bytes.SequenceEqual(expectedVelocities.bytes), Is.True);
    }
}
