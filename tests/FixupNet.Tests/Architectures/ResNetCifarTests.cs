using FixupNet.Architectures;
using FixupNet.Diagnostics;
using FixupNet.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Architectures;

public class ResNetCifarTests
{
    // depth, parameters with Fixup, of which scalars, parameters with BatchNorm.
    [TestCase(8, 74_827, 17, 75_386)]
    [TestCase(20, 268_393, 47, 269_818)]
    [TestCase(32, 461_959, 77, 464_250)]
    [TestCase(44, 655_525, 107, 658_682)]
    [TestCase(56, 849_091, 137, 853_114)]
    [TestCase(110, 1_720_138, 272, 1_728_058)]
    [TestCase(1202, 19_334_644, 3_002, 19_421_370)]
    [TestCase(9998, 161_218_522, 24_992, 161_940_026, Category = "Slow")]
    [TestCase(10004, 161_315_305, 25_007, 162_037_242, Category = "Slow")]
    public void Parameters_AreAsManyAsPublished(int depth, long fixup, long scalars, long batchNorm)
    {
        using var fixupNetwork = new ResNetCifar(new ResNetCifarOptions(MethodZoo.All["fixup"].Method, depth));
        using var batchNormNetwork = new ResNetCifar(new ResNetCifarOptions(MethodZoo.All["batchnorm"].Method, depth));

        var (fixupCounts, batchNormCounts) = (ParameterCounts.Of(fixupNetwork.Topology), ParameterCounts.Of(batchNormNetwork.Topology));

        Assert.Multiple(() =>
        {
            Assert.That(fixupCounts, Is.EqualTo(new ParameterCounts(fixup, fixup - scalars, scalars, 0)));
            Assert.That(fixupNetwork.parameters().Sum(parameter => parameter.numel()), Is.EqualTo(fixup));
            Assert.That(batchNormCounts.Total, Is.EqualTo(batchNorm));
            Assert.That(batchNormNetwork.parameters().Sum(parameter => parameter.numel()), Is.EqualTo(batchNorm));
        });
    }

    [Test, CancelAfter(60_000)]
    public void Construction_TakesSeconds_WhenTheNetworkHasTenThousandLayers()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: 9998, Width: 1));
        Cases.Initialize(network, "fixup", seed: 1);
        using var images = Cases.Images(1, size: 4);

        using var mode = no_grad();
        using var logits = network.call(images);

        Assert.That(logits.isfinite().all().ToBoolean(), Is.True);
    }

    [Test]
    public void StateDict_HasThePublishedNames_WhenVariantIsFixup()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: 8));

        string[] block = ["bias1a", "conv1.weight", "bias1b", "bias2a", "conv2.weight", "scale", "bias2b"];
        var expected = new[] { "conv1.weight", "bias1", "bias2", "fc.weight", "fc.bias" }
            .Concat(Enumerable.Range(1, 3).SelectMany(stage => block.Select(name => $"layer{stage}.0.{name}")));
        Assert.That(network.state_dict().Keys, Is.EquivalentTo(expected));
    }

    [Test]
    public void StateDict_HasThePublishedNames_WhenVariantIsBatchNorm()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(MethodZoo.All["batchnorm"].Method, Depth: 8));

        string[] norm = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"];
        var norms = new[] { "bn1", "layer2.0.downsample.1", "layer3.0.downsample.1" }
            .Concat(Enumerable.Range(1, 3).SelectMany(stage => new[] { $"layer{stage}.0.bn1", $"layer{stage}.0.bn2" }));
        var convolutions = Enumerable.Range(1, 3).SelectMany(stage => new[] { $"layer{stage}.0.conv1.weight", $"layer{stage}.0.conv2.weight" });
        var expected = norms.SelectMany(name => norm.Select(part => $"{name}.{part}")).Concat(convolutions).Concat(["conv1.weight", "fc.weight", "fc.bias"]);
        Assert.That(network.state_dict().Keys, Is.EquivalentTo(expected));
    }

    [TestCase(100, "nearest: 98, 104")]
    [TestCase(9, "nearest: 8, 14")]
    public void Constructor_SuggestsDepths_WhenDepthIsNotOfTheForm(int depth, string suggestion)
    {
        var options = new ResNetCifarOptions(Depth: depth);

        Assert.Multiple(() =>
        {
            Assert.That(options.Validate().Single().Member, Is.EqualTo("Depth"));
            Assert.That(() => new ResNetCifar(options), Throws.ArgumentException.With.Message.Contains(suggestion));
        });
    }

    [TestCase(2, 16)]
    [TestCase(100_004, 16)]
    [TestCase(20, 0)]
    [TestCase(20, 4097)]
    public void Constructor_Throws_WhenOptionsAreOutOfRange(int depth, int width) =>
        Assert.That(() => new ResNetCifar(new ResNetCifarOptions(Depth: depth, Width: width)), Throws.ArgumentException);

    [Test]
    public void Constructor_Throws_WhenThereIsOneClass() =>
        Assert.That(() => new ResNetCifar(new ResNetCifarOptions(), classCount: 1), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Validate_SuggestsTheSmallestDepth_WhenDepthIsBelowIt() =>
        Assert.That(new ResNetCifarOptions(Depth: 3).Validate().Single().Message, Does.EndWith("(nearest: 8)"));
}
