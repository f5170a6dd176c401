using FixupNet.Execution;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests;

public sealed class RecomputedPassTests
{
    // As many segments as stages, and segments of two.
    private static readonly int[] s_depths = [8, 104];

    private DisposeScope _scope = null!;

    [SetUp]
    public void OpenScope() => _scope = NewDisposeScope();

    [TearDown]
    public void CloseScope() => _scope.Dispose();

    [Test]
    public void Run_GivesTheSameBits_InEveryVariant(
        [Values("fixup", "batchnorm", "plain")] string variant, [Values(ScalarType.Float32, ScalarType.Float64)] ScalarType precision, [ValueSource(nameof(s_depths))] int depth)
    {
        var batch = Some.Batch(6, precision, mixed: true);

        var whole = ThreeSteps(variant, depth, batch, recompute: false);
        var recomputed = ThreeSteps(variant, depth, batch, recompute: true);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(recomputed.Losses, Is.EqualTo(whole.Losses));
            Assert.That(recomputed.Norms, Is.EqualTo(whole.Norms));
            Assert.That(recomputed.State, Is.EqualTo(whole.State)); // parameters, running statistics and batch counts
        }
    }

    [Test]
    public void Run_CountsEveryBatchOnce_InRunningStatistics()
    {
        var (_, _, state) = ThreeSteps("batchnorm", 20, Some.Batch(4), recompute: true);

        var three = Convert.ToHexString(BitConverter.GetBytes(3L));
        var counts = state.Where(pair => pair.Key.EndsWith("num_batches_tracked", StringComparison.Ordinal)).ToList();
        Assert.That(counts, Has.Count.EqualTo(21).And.All.Matches<KeyValuePair<string, string>>(pair => pair.Value == three)); // 19 convolutions, 2 shortcuts
    }

    [Test]
    public void Run_AddsUpTheSameGradients_InMicroBatches()
    {
        var batch = Some.Batch(8, ScalarType.Float64);

        var whole = ThreeSteps("fixup", 20, batch, recompute: false, microBatchSize: 3);
        var recomputed = ThreeSteps("fixup", 20, batch, recompute: true, microBatchSize: 3);

        Assert.That(recomputed.State, Is.EqualTo(whole.State));
    }

    [TestCase("conv1.weight", "stem")]
    [TestCase("layer2.1.conv1.weight", "layer2.1")]
    [TestCase("fc.weight", "classifier")]
    public void Run_NamesTheBlock_WhenAWeightIsNaN(string parameter, string expectedLayer)
    {
        using var network = Some.Network("batchnorm", depth: 20);
        using (no_grad()) network.named_parameters().Single(item => item.name == parameter).parameter.view(-1).narrow(0, 0, 1).fill_(double.NaN);
        using var optimizer = Some.Optimizer(network);

        var result = Some.Step(network, optimizer, recompute: true).Run(Some.Batch(4), learningRateFactor: 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Failure, Is.EqualTo(new NonFiniteValue(expectedLayer, "the output is not finite")));
            Assert.That(network.named_buffers().First(item => item.name.EndsWith("tracked", StringComparison.Ordinal)).buffer.ToInt64(), Is.EqualTo(1));
        }
    }

    [Test]
    public void Run_LeavesNoTensorsBehind()
    {
        using var network = Some.Network("batchnorm", depth: 20);
        using var optimizer = Some.Optimizer(network);
        var step = Some.Step(network, optimizer, recompute: true);
        var batch = Some.Batch(8);
        Scoped(() => step.Run(batch, 1));

        var before = Tensor.TotalCount;
        for (var i = 0; i < 3; i++) Scoped(() => step.Run(batch, 1));

        Assert.That(Tensor.TotalCount, Is.LessThanOrEqualTo(before));
    }

    [TestCase(5, 5)]
    [TestCase(60, 30)] // ResNet-110 and a few: segments of two
    [TestCase(602, 86)] // ResNet-1202: of seven
    public void Segments_GrowWithTheSquareRootOfTheDepth(int stageCount, int segmentCount)
    {
        NetworkStage[] stages = [.. Enumerable.Range(0, stageCount).Select(i => new NetworkStage($"{i}", input => input, 1))];

        var segments = Segmentation.Of(stages);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(segments, Has.Count.EqualTo(segmentCount));
            Assert.That(segments.SelectMany(segment => segment), Is.EqualTo(stages));
        }
    }

    private static void Scoped(Action action)
    {
        using var scope = NewDisposeScope();
        action();
    }

    private static (List<double> Losses, List<double> Norms, Dictionary<string, string> State) ThreeSteps(
        string variant, int depth, ImageBatch batch, bool recompute, int? microBatchSize = null)
    {
        using var network = Some.Network(variant, batch.Images.dtype, depth: depth);
        using var optimizer = Some.Optimizer(network);
        var step = Some.Step(network, optimizer, microBatchSize, stopAtNonFinite: false, recompute);
        List<StepResult> results = [.. Enumerable.Range(0, 3).Select(_ => step.Run(batch, learningRateFactor: 0.1))];
        return ([.. results.Select(result => result.Loss)], [.. results.SelectMany(result => result.Norms.Norms)], Some.State(network));
    }
}
