using FixupNet.Architectures;
using FixupNet.Execution;
using FixupNet.Methods;
using FixupNet.Training.Data;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>CIFAR's ResNets on random images.</summary>
internal sealed record BenchmarkResNetCifar() : BenchmarkImageModel("resnet-cifar", "ResNet-{0}", [20, 110], ImageSet.Side, BatchSize: 128)
{
    /// <inheritdoc/>
    public override string? ProblemOf(int depth) => new ResNetCifarOptions(Depth: depth).Validate().Select(problem => problem.Message).FirstOrDefault();

    /// <inheritdoc/>
    internal override ResidualNetwork Create(string variant, int depth) => new ResNetCifar(new ResNetCifarOptions(MethodZoo.All[variant].Method, depth));

    /// <inheritdoc/>
    internal override string Dataset(string folder) => """{ "name": "synthetic-shapes", "trainExamples": 1, "testExamples": 1 }""";
}
