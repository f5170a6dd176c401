using FixupNet.Architectures;
using FixupNet.Diagnostics;
using FixupNet.Execution;
using FixupNet.Initialization.Schemes;
using FixupNet.Methods;
using FixupNet.Optimization;
using FixupNet.Runs.Records;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests;

public sealed class StepMemoryTests
{
#if LIBTORCH_PROVIDER
    // Beside the model: the allocator rounds up by at most 1/8, and convolutions need scratch memory that hardly depends on the network.
    [Test]
    public void Bytes_IsWhatTheAllocatorTakes(
        [Values("fixup", "batchnorm", "plain")] string variant, [Values] bool recompute, [Values(8, 56)] int depth, [Values(4, 16)] int imageCount)
    {
        using var network = Network(variant, depth);

        var (predicted, taken) = Bytes(network, ImageShape.Cifar, imageCount, recompute);

        Assert.That(taken, Is.InRange((long)(0.9 * predicted), (long)(1.25 * predicted) + (2L << 20)), $"{predicted} bytes predicted");
    }

    [Test]
    public void Bytes_IsWhatTheAllocatorTakes_OfImageNetNetworks(
        [Values("fixup", "batchnorm")] string variant, [Values] bool recompute, [Values(18, 50)] int depth)
    {
        using var network = new ResNetImageNet(new ResNetImageNetOptions(MethodZoo.All[variant].Method, depth, Width: 16), 10, ImageShape.ImageNet);
        FixupScheme.Apply(network.Topology, seed: 1);

        var (predicted, taken) = Bytes(network, ImageShape.ImageNet, imageCount: 2, recompute);

        // The gradients of the parameters come with the first step.
        var gradients = 4 * network.parameters().Sum(parameter => parameter.numel());
        Assert.That(taken, Is.InRange((long)(0.9 * predicted), (long)(1.25 * predicted) + gradients + (2L << 20)), $"{predicted} bytes predicted");
    }

    [Test]
    public void EvaluationBytes_IsWhatTheAllocatorTakes([Values("fixup", "batchnorm", "normfree")] string variant, [Values(18, 50)] int depth)
    {
        using var network = new ResNetImageNet(new ResNetImageNetOptions(MethodZoo.All[variant].Method, depth, Width: 16), 10, ImageShape.ImageNet);
        network.eval();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var images = ones([Evaluator.ImagesAtOnce(ImageShape.ImageNet), 3, 224, 224]);
        var predicted = StepMemory.Of(network).EvaluationBytes;
        CpuMemory.Trim();
        var before = CpuMemory.AllocatedBytes;

        network.call(images).Dispose();

        Assert.That(CpuMemory.AllocatedBytes + CpuMemory.CachedBytes - before, Is.InRange((long)(0.8 * predicted), (long)(1.25 * predicted)), $"{predicted} bytes predicted");
    }

    private static (long Predicted, long Taken) Bytes(ResidualNetwork network, ImageShape shape, int imageCount, bool recompute)
    {
        using var scope = NewDisposeScope();
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions());
        var step = new EagerStep(network, Some.Task, optimizer, GradientNorms.OfWeights(network.Topology), new StepPlan(imageCount, recompute), stopAtNonFinite: true);
        var batch = new ImageBatch(ones([imageCount, shape.Channels, shape.Height, shape.Width]), zeros([imageCount], ScalarType.Int64));
        var predicted = StepMemory.Of(network).Bytes(imageCount, recompute);
        CpuMemory.Trim();
        var before = CpuMemory.AllocatedBytes;

        step.Run(batch, learningRateFactor: 0);

        return (predicted, CpuMemory.AllocatedBytes + CpuMemory.CachedBytes - before);
    }
#endif

    [Test]
    public void Bytes_GrowsLinearlyWithDepth_AndWithItsRootWhenRecomputed()
    {
        var (shallow, deep) = (Memory(98), Memory(98 * 9 + 2));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(deep.Bytes(8, recompute: false) / (double)shallow.Bytes(8, recompute: false), Is.EqualTo(9).Within(0.5));
            Assert.That(deep.Bytes(8, recompute: true) / (double)shallow.Bytes(8, recompute: true), Is.EqualTo(3).Within(0.7)); // √9
        }
    }

    // Of everything kept, and of the gradients of one block instead of every size's.
    [Test]
    public void BytesAtOnce_AreFewerThanAnAllocatorKeeps_AndGrowAlike([Values("fixup", "batchnorm")] string variant)
    {
        using var network = Network(variant, 20);
        using var deep = Network(variant, 182);
        var (memory, more) = (StepMemory.Of(network), StepMemory.Of(deep));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(memory.BytesAtOnce(8, recompute: false), Is.InRange(memory.Bytes(8, recompute: false) / 2, memory.Bytes(8, recompute: false) - 1));
            Assert.That(memory.BytesAtOnce(16, recompute: false), Is.EqualTo(2 * memory.BytesAtOnce(8, recompute: false)));
            Assert.That(more.BytesAtOnce(8, recompute: false) / (double)memory.BytesAtOnce(8, recompute: false), Is.EqualTo(9).Within(2));
            Assert.That(more.BytesAtOnce(8, recompute: true) / (double)memory.BytesAtOnce(8, recompute: true), Is.EqualTo(3).Within(1)); // √9
        }
    }

    [Test]
    public void Of_LeavesNoTrace()
    {
        using var network = Network("batchnorm", 8);
        var before = Some.State(network);

        StepMemory.Of(network);

        Assert.That((Some.State(network), network.training), Is.EqualTo((before, true)));
    }

    [Test]
    public void Bytes_FollowTheNetworksOwnImages()
    {
        using var small = new ResNetCifar(new ResNetCifarOptions(Depth: 8));
        using var large = new ResNetCifar(new ResNetCifarOptions(Depth: 8), images: new ImageShape(1, 224, 224));

        var (cifar, imageNet) = (StepMemory.Of(small), StepMemory.Of(large));

        Assert.That(imageNet.Bytes(4, recompute: false), Is.EqualTo(49 * cifar.Bytes(4, recompute: false)));
    }

    private static StepMemory Memory(int depth)
    {
        using var network = Network("batchnorm", depth);
        return StepMemory.Of(network);
    }

    private static ResNetCifar Network(string variant, int depth)
    {
        var network = new ResNetCifar(new ResNetCifarOptions(MethodZoo.All[variant].Method, depth));
        FixupScheme.Apply(network.Topology, seed: 1);
        return network;
    }
}
