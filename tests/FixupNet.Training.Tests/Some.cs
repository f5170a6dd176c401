using FixupNet.Architectures;
using FixupNet.Augmentation;
using FixupNet.Diagnostics;
using FixupNet.Execution;
using FixupNet.Initialization;
using FixupNet.Methods;
using FixupNet.Optimization;
using FixupNet.Randomness;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training.Data;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests;

/// <summary>Small networks and datasets, the same on every run.</summary>
internal static class Some
{
    public const int ClassCount = 5;

    /// <summary>Raw pixel values: mean 0 and deviation 1 in pixels.</summary>
    public static readonly ChannelNormalization Raw = ChannelNormalization.Grey(0, 1 / 255.0);

    /// <summary>Random images of five classes.</summary>
    public static ImageDataset Dataset(int trainCount, int testCount, ChannelNormalization? normalization = null) => new(
        "random", RandomSet(trainCount, 1), RandomSet(testCount, 2), ["a", "b", "c", "d", "e"], normalization ?? ChannelNormalization.Grey(0.5, 0.25));

    /// <summary>Images of one value each, which is also their label: 0, 1, 2, …</summary>
    public static ImageDataset Numbered(int trainCount, int testCount = 1) => new(
        "numbered", NumberedSet(trainCount), NumberedSet(testCount), [.. Enumerable.Range(0, Math.Max(trainCount, testCount)).Select(i => $"{i}")], Raw);

    public static BatchPipeline Pipeline(
        ImageDataset dataset, int batchSize, bool vary = false, double mixupAlpha = 0, long seed = 1, ScalarType precision = ScalarType.Float32) =>
        new(dataset, new BatchOptions(batchSize, vary, vary, mixupAlpha, precision), new SeedPlan(seed), CPU);

    /// <summary>A residual network of width 2, initialized as its variant is by default.</summary>
    public static ResidualNetwork Network(string variant, ScalarType precision = ScalarType.Float32, ulong seed = 1, int depth = 8)
    {
        var entry = ModelZoo.All["resnet-cifar"];
        var options = new ResNetCifarOptions(MethodZoo.All[variant].Method, depth, Width: 2);
        var network = entry.Create(options, ClassCount).to(precision);
        using var generator = new Generator(seed, CPU);
        InitializationSchemes.All[entry.DefaultInitialization(options)].Scheme.Initialize(network.Topology, generator);
        return network;
    }

    /// <summary>What the steps of these tests learn; its own one image is seen by none.</summary>
    public static ITask Task { get; } = new ImageClassification(Pipeline(Dataset(1, 1), 1));

    public static Sgd Optimizer(ResidualNetwork network) => new(network.named_parameters(), new SgdOptions(LearningRate: 0.05));

    public static EagerStep Step(
        ResidualNetwork network, IOptimizer optimizer, int? microBatchSize = null, bool stopAtNonFinite = true, bool recompute = false) =>
        new(network, Task, optimizer, GradientNorms.OfWeights(network.Topology), new StepPlan(microBatchSize ?? int.MaxValue, recompute), stopAtNonFinite);

    /// <summary>Images of 8×8 pixels in ±1.</summary>
    public static ImageBatch Batch(int count, ScalarType precision = ScalarType.Float32, bool mixed = false)
    {
        var random = new CounterRandom(7);
        var values = Enumerable.Range(0, count * 3 * 8 * 8).Select(_ => 2 * random.NextDouble() - 1).ToArray();
        var images = tensor(values).view(count, 3, 8, 8).to(precision);
        var labels = tensor([.. Enumerable.Range(0, count).Select(i => (long)(i % ClassCount))]);
        if (!mixed) return new ImageBatch(images, labels);
        var draw = new MixupDraw(0.3, [.. Enumerable.Range(0, count).Reverse()]);
        return new ImageBatch(Mixup.Mix(images, draw), labels, new LabelMix(Mixup.Partners(labels, draw), draw.Lambda));
    }

    public static StepResult Result(double loss = 1, double correct = 1, int count = 2, double norm = 3, NonFiniteValue? failure = null) =>
        new(loss, [new MetricTotal("accuracy", correct, count)], count, new GradientNormReading(norm, [norm / 2, norm / 4]), failure);

    /// <summary>The bytes of every parameter and buffer, by name.</summary>
    public static Dictionary<string, string> State(nn.Module network) =>
        network.state_dict().ToDictionary(pair => pair.Key, pair => Convert.ToHexString(pair.Value.detach().contiguous().bytes));

    public static double[] Values(Tensor tensor) => tensor.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();

    private static ImageSet RandomSet(int count, ulong seed)
    {
        var random = new CounterRandom(seed);
        var pixels = new byte[count * ImageSet.BytesPerImage];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)random.NextBits();
        return new ImageSet(pixels, [.. Enumerable.Range(0, count).Select(i => (byte)(i % ClassCount))]);
    }

    private static ImageSet NumberedSet(int count) => new(
        [.. Enumerable.Range(0, count).SelectMany(i => Enumerable.Repeat((byte)i, ImageSet.BytesPerImage))],
        [.. Enumerable.Range(0, count).Select(i => (byte)i)]);
}
