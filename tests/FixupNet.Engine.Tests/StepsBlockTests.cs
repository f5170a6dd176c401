using System.Runtime.InteropServices;
using FixupNet.Architectures;
using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;
using FixupNet.Execution;
using FixupNet.Methods;
using FixupNet.Optimization;

namespace FixupNet.Engine.Tests;

/// <summary>Blocks that are computed step by step: every method, bottlenecks, normalizations of an image, and the stem of ImageNet's networks.</summary>
internal sealed class StepsBlockTests : EngineFixture
{
    // float32 against float64, in the norm of each parameter's whole gradient.
    private const double Tolerance = 2e-4;

    private static readonly object[] s_networks =
    [
        new object[] { new ResNetCifarOptions(new FixupMethod(ShortcutBias: true), 14, 8), 16, 5, 2 },
        new object[] { new WideResNetCifarOptions(new FixupMethod(ShortcutBias: true), 10, 2), 9, 3, 1 },
        new object[] { Some.Cifar(14, width: 8, "scaled-sum"), 16, 5, 2 },
        new object[] { Some.Cifar(14, width: 8, "skipinit"), 16, 5, 2 },
        new object[] { Some.Cifar(20, width: 5, "skipinit"), 9, 7, 3 },
        new object[] { new WideResNetCifarOptions(MethodZoo.All["skipinit"].Method, 10, 2), 12, 3, 2 },
        new object[] { Some.Cifar(14, width: 8, "normfree"), 16, 5, 2 },
        new object[] { new ResNetCifarOptions(new NormFreeMethod(SkipGain: false), 8, 5), 9, 3, 1 },
        new object[] { new WideResNetCifarOptions(MethodZoo.All["normfree"].Method, 10, 2), 12, 3, 2 },
        new object[] { Some.Cifar(14, width: 8, "groupnorm"), 16, 5, 2 },
        new object[] { Some.Cifar(8, width: 40, "groupnorm"), 9, 3, 1 },
        new object[] { new WideResNetCifarOptions(MethodZoo.All["groupnorm"].Method, 10, 4), 8, 3, 2 },
        new object[] { Some.Cifar(14, width: 5, "layernorm"), 9, 5, 2 },
        new object[] { new WideResNetCifarOptions(MethodZoo.All["layernorm"].Method, 10, 2), 12, 3, 2 },
        new object[] { Some.ImageNet(18, 8), 40, 3, 2 },
        new object[] { Some.ImageNet(50, 8), 64, 2, 2 },
        new object[] { Some.ImageNet(50, 4, "skipinit"), 45, 2, 1 },
        new object[] { Some.ImageNet(18, 8, "normfree"), 40, 3, 2 },
        new object[] { Some.ImageNet(50, 8, "groupnorm"), 40, 2, 2 },
        new object[] { Some.ImageNet(50, 4, "plain"), 32, 2, 1 },
    ];

    private static IEnumerable<string> Methods => MethodZoo.All.Where(entry => entry.Method.Inputs.HasFlag(InputKind.Images)).Select(entry => entry.Name);

    // A value that is 0 but for rounding may fall on the other side of a ReLU, and one batch in some tens has such a value: what is wrong is so for all three.
    [TestCaseSource(nameof(s_networks))]
    public void Step_GivesTheExactGradient(object options, int side, int batch, int workers)
    {
        using var network = Some.Network(options);
        using var gradients = new FlatGradients([.. network.parameters()]);
        using var engine = new DepthFirstEngine(network, gradients, side, side, new EngineOptions(workers, 2));

        var errors = LargestErrors(network, options, engine, gradients, batch, side);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(errors.Select(error => error.OfLoss), Is.All.LessThan(1e-5));
            Assert.That(errors.Min(error => error.OfGradient), Is.LessThan(Tolerance));
            Assert.That(errors.Max(error => error.OfGradient), Is.LessThan(200 * Tolerance));
        }
    }

    [Test]
    public void Step_GivesTheExactGradient_WithVectorsOfEveryWidth(
        [Values] VectorWidth vectors, [Values(ActivationPrecision.Float32, ActivationPrecision.BFloat16)] ActivationPrecision precision,
        [Values("skipinit", "normfree", "groupnorm", "scaled-sum")] string method)
    {
        if (vectors > VectorWidths.Widest) Assert.Ignore("This processor has no such vectors.");
        var options = Some.Cifar(8, variant: method);
        using var network = Some.Network(options);
        using var gradients = new FlatGradients([.. network.parameters()]);
        var (images, labels) = (Some.Images(4, 16), Some.Labels(4));
        var (loss, expected) = Some.Reference(network, options, images, labels);
        using var engine = new DepthFirstEngine(network, gradients, 16, 16, new EngineOptions(1, 2, precision), vectors);

        var result = engine.Step(images, labels);

        // bfloat16 has 8 bits, which single numbers are too few to average out.
        var isExact = precision == ActivationPrecision.Float32;
        var compared = isExact ? expected : expected.Where(item => item.Value.Length > 100).ToDictionary();
        var actual = Some.Gradients(network, gradients);
        Assert.That(result.Loss, Is.EqualTo(loss).Within((isExact ? 1e-5 : 0.02) * loss));
        AssertClose(compared.Keys.ToDictionary(name => name, name => actual[name]), compared, isExact ? 1e-3 : 0.15); // one kink
    }

    [TestCase("skipinit")]
    [TestCase("normfree")]
    [TestCase("layernorm")]
    public void Step_GivesTheSameBits_WhenActivationsAreComputedAgain_AndAtEveryRun(string method)
    {
        using var network = Some.Network(Some.Cifar(20, width: 8, method));

        var kept = BitsOf(network, new EngineOptions(2, 2));
        var again = BitsOf(network, new EngineOptions(2, 2, RecomputedBlocks: 7, SegmentLength: 3));
        var shared = BitsOf(network, new EngineOptions(2, 2, GradientSums: 1));

        Assert.That(again, Is.EqualTo(kept));
        Assert.That(BitsOf(network, new EngineOptions(2, 2, GradientSums: 1)), Is.EqualTo(shared));
    }

    // A block of each width: 16 channels of 32×32, 32 of 16×16, 64 of 8×8.
    [TestCase("skipinit", 2)]
    [TestCase("scaled-sum", 2)]
    [TestCase("groupnorm", 3)]
    public void Memory_IsOneTensorAConvolution_AndTheResult(string method, int tensors)
    {
        using var shallow = Some.Network(Some.Cifar(20, variant: method));
        using var deep = Some.Network(Some.Cifar(26, variant: method));
        var options = new EngineOptions(2, 16);

        var more = new EngineMemory(deep, 32, 32).Bytes(options) - new EngineMemory(shallow, 32, 32).Bytes(options);

        Assert.That(more, Is.EqualTo(tensors * 2.0 * 16 * sizeof(float) * (16384 + 8192 + 4096)).Within(9).Percent); // and the second worker's sum of weights' gradients
    }

    [TestCase("skipinit")]
    [TestCase("normfree")]
    [TestCase("groupnorm")]
    public void Evaluate_GivesTheNetworksScores(string method)
    {
        using var network = Some.Network(Some.Cifar(20, width: 8, method));
        using var gradients = new FlatGradients([.. network.parameters()]);
        var images = Some.Images(7, 16);
        using var engine = new DepthFirstEngine(network, gradients, 16, 16, new EngineOptions(2, 2));

        var scores = Some.Values(engine.Evaluate(images));

        Assert.That(Some.Error(scores, Some.Values(network.call(images))), Is.LessThan(1e-5));
    }

    [Test]
    public void WhyNot_HasNoReason_WhateverTheMethod([ValueSource(nameof(Methods))] string method, [Values("resnet-cifar", "wide-resnet-cifar", "resnet-imagenet")] string model)
    {
        object options = model switch
        {
            "resnet-cifar" => Some.Cifar(8, width: 4, method),
            "wide-resnet-cifar" => new WideResNetCifarOptions(MethodZoo.All[method].Method, 10, 1),
            _ => Some.ImageNet(50, 4, method),
        };
        using var network = ModelZoo.All[model].Create(options, 10);

        Assert.That(DepthFirstEngine.WhyNot(network), Is.Null);
    }

    private static string BitsOf(ResidualNetwork network, EngineOptions options)
    {
        using var gradients = new FlatGradients([.. network.parameters()]);
        using var engine = new DepthFirstEngine(network, gradients, 16, 16, options);
        var result = engine.Step(Some.Images(5, 16), Some.Labels(5));
        return string.Concat(Some.Gradients(network, gradients).Values.Append([result.Loss]).Select(values => Convert.ToHexString(MemoryMarshal.AsBytes<double>(values))));
    }
}
