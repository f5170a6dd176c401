using FixupNet.Randomness;
using FixupNet.Training.Data;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>A network of images with ten classes.</summary>
internal abstract record BenchmarkImageModel(string Name, string Title, IReadOnlyList<int> Depths, int Size, int BatchSize)
    : BenchmarkModel(Name, Title, ImagesUnit, "fixup", Depths, Size, BatchSize)
{
    protected const int ClassCount = 10;

    /// <inheritdoc/>
    public override IReadOnlyList<string> MethodsOfPyTorch { get; } = ["fixup", "batchnorm"];

    /// <inheritdoc/>
    public override IReadOnlyList<ContenderKind> KindsOfPyTorch { get; } = [ContenderKind.PytorchNchw, ContenderKind.PytorchChannelsLast];

    /// <inheritdoc/>
    public override int UnitsPerExample => 1;

    /// <summary>The section "dataset", whose images are not used.</summary>
    /// <param name="folder">An empty folder to write in.</param>
    internal abstract string Dataset(string folder);

    /// <inheritdoc/>
    internal override string Sections(Contender contender, string folder) => FormattableString.Invariant($$"""
        "dataset": {{Dataset(folder)}},
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
