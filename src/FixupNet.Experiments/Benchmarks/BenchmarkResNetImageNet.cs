using FixupNet.Architectures;
using FixupNet.Execution;
using FixupNet.Methods;
using FixupNet.Training.Data;
using FixupNet.Training.Data.Images;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>ImageNet's ResNets on random images of any size, with ten classes.</summary>
internal sealed record BenchmarkResNetImageNet() : BenchmarkImageModel("resnet-imagenet", "ImageNet ResNet-{0}", [18, 50], Size: 64, BatchSize: 32)
{
    // As many as have every class.
    private static readonly SyntheticShapesOptions s_images = new(TrainExamples: 100, TestExamples: 20);

    /// <inheritdoc/>
    public override bool TakesAnySize => true;

    /// <inheritdoc/>
    public override string? ProblemOf(int depth) => new ResNetImageNetOptions(Depth: depth).Validate().Select(problem => problem.Message).FirstOrDefault();

    /// <inheritdoc/>
    internal override ResidualNetwork Create(string variant, int depth) =>
        new ResNetImageNet(new ResNetImageNetOptions(MethodZoo.All[variant].Method, depth), ClassCount, new ImageShape(ImageSet.Channels, Size, Size));

    // Images of the size are there to tell the network its shape.
    /// <inheritdoc/>
    internal override string Dataset(string folder)
    {
        ImageFolderWriter.Write((ImageDataset)Datasets.All["synthetic-shapes"].Load(s_images), Size, folder);
        return FormattableString.Invariant($$"""{ "name": "image-folder", "root": {{System.Text.Json.JsonSerializer.Serialize(folder)}}, "size": {{Size}} }""");
    }
}
