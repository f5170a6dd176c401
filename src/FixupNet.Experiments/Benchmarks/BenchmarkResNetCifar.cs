using FixupNet.Architectures;
using FixupNet.Execution;
using FixupNet.Methods;
using FixupNet.Randomness;
using FixupNet.Training.Data;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>CIFAR's ResNets on random images.</summary>
internal sealed record BenchmarkResNetCifar() : BenchmarkModel("resnet-cifar", "ResNet-{0}", "images", "fixup", [20, 110], ImageSet.Side)
{
    private const int ClassCount = 10;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MethodsOfPyTorch { get; } = ["fixup", "batchnorm"];

    /// <inheritdoc/>
    public override IReadOnlyList<ContenderKind> KindsOfPyTorch { get; } = [ContenderKind.PytorchNchw, ContenderKind.PytorchChannelsLast];

    /// <inheritdoc/>
    public override int UnitsPerExample => 1;

    /// <inheritdoc/>
    public override string? ProblemOf(int depth) => new ResNetCifarOptions(Depth: depth).Validate().Select(problem => problem.Message).FirstOrDefault();

    /// <inheritdoc/>
    internal override ResidualNetwork Create(string variant, int depth) => new ResNetCifar(new ResNetCifarOptions(MethodZoo.All[variant].Method, depth));

    // The data are not used: images are random.
    /// <inheritdoc/>
    internal override string Sections(Contender contender) => FormattableString.Invariant($$"""
        "dataset": { "name": "synthetic-shapes", "trainExamples": 1, "testExamples": 1 },
        "model": { "name": "{{Name}}", "variant": "{{contender.Variant}}", "depth": {{contender.Depth}} },
        "optimizer": { "name": "sgd", "learningRate": 0.001 }
        """);

    /// <inheritdoc/>
    internal override ImageBatch RandomBatch(int count, Device device)
    {
        using var generator = new Generator(1, CPU);
        var labels = new CounterRandom(1);
        return new ImageBatch(
            randn([count, ImageSet.Channels, Size, Size], generator: generator).to(device),
            tensor([.. Enumerable.Range(0, count).Select(_ => (long)(labels.NextBits() % ClassCount))]).to(device));
    }
}
