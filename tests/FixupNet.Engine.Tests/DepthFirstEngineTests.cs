using System.Runtime.InteropServices;
using FixupNet.Architectures;
using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;
using FixupNet.Execution;
using FixupNet.Methods;
using FixupNet.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Engine.Tests;

internal sealed class DepthFirstEngineTests : EngineFixture
{
    // float32 against float64, in the norm of each parameter's whole gradient: the tiled kernels round more than direct sums, and a scalar's gradient is
    // one sum whose terms cancel (1.04e-4 was the largest error seen).
    private const double Tolerance = 2e-4;

    private static readonly object[] s_networks =
    [
        new object[] { Some.Cifar(8), 32, 5, 2 },
        new object[] { Some.Cifar(20, width: 8), 28, 3, 2 },
        new object[] { Some.Cifar(8, width: 24), 14, 3, 1 },
        new object[] { Some.Cifar(20, width: 5), 9, 7, 3 },
        new object[] { Some.Cifar(8, variant: "plain"), 32, 5, 2 },
        new object[] { Some.Cifar(8, width: 20, "plain"), 13, 4, 2 },
        new object[] { new WideResNetCifarOptions(MethodZoo.All["fixup"].Method, 10, 1), 16, 3, 2 },
        new object[] { new WideResNetCifarOptions(MethodZoo.All["fixup"].Method, 16, 2), 16, 3, 2 },
        new object[] { new WideResNetCifarOptions(MethodZoo.All["plain"].Method, 10, 2), 16, 3, 2 },
        new object[] { Some.Cifar(8, variant: "rezero"), 32, 5, 2 },
        new object[] { Some.Cifar(14, width: 8, "stable"), 16, 5, 2 },
        new object[] { new ResNetCifarOptions(new FixupMethod(Biases: false), 8), 16, 3, 2 },
        new object[] { new WideResNetCifarOptions(new StableMethod(StableScaling.Decreasing), 10, 1), 16, 3, 1 },
        new object[] { new ResNetCifarOptions(new FixupMethod(Multipliers: false), 8), 16, 3, 2 },
    ];

    [TestCaseSource(nameof(s_networks))]
    public void Step_GivesTheExactGradient(object options, int side, int batch, int workers)
    {
        using var network = Some.Network(options);
        using var gradients = new FlatGradients([.. network.parameters()]);
        var (images, labels) = (Some.Images(batch, side), Some.Labels(batch));
        var (loss, expected) = Some.Reference(network, options, images, labels);
        using var engine = new DepthFirstEngine(network, gradients, side, side, new EngineOptions(workers, 2));

        var result = engine.Step(images, labels);

        Assert.That(result.Loss, Is.EqualTo(loss).Within(1e-5 * loss));
        AssertClose(Some.Gradients(network, gradients), expected, Tolerance);
    }

    [Test]
    public void Step_GivesTheExactGradient_WithVectorsOfEveryWidth(
        [Values] VectorWidth vectors, [Values(ActivationPrecision.Float32, ActivationPrecision.BFloat16)] ActivationPrecision precision)
    {
        if (vectors > VectorWidths.Widest) Assert.Ignore("This processor has no such vectors.");
        var options = Some.Cifar(8);
        using var network = Some.Network(options);
        using var gradients = new FlatGradients([.. network.parameters()]);
        var (images, labels) = (Some.Images(4, 32), Some.Labels(4));
        var (_, expected) = Some.Reference(network, options, images, labels);
        using var engine = new DepthFirstEngine(network, gradients, 32, 32, new EngineOptions(1, 2, precision), vectors);

        engine.Step(images, labels);

        // bfloat16 has 8 bits, which single numbers are too few to average out.
        var weights = precision == ActivationPrecision.Float32 ? expected : expected.Where(item => item.Value.Length > 1).ToDictionary();
        var actual = Some.Gradients(network, gradients);
        AssertClose(weights.Keys.ToDictionary(name => name, name => actual[name]), weights, precision == ActivationPrecision.Float32 ? Tolerance : 0.1);
    }

    [Test]
    public void Step_MixesLabels()
    {
        var options = Some.Cifar(8, width: 8);
        using var network = Some.Network(options);
        using var gradients = new FlatGradients([.. network.parameters()]);
        var (images, labels, partners) = (Some.Images(5, 16), Some.Labels(5), Some.Labels(5, step: 3));
        var (loss, expected) = Some.Reference(network, options, images, labels, partners, 0.3);
        using var engine = Create(network, gradients, new EngineOptions(2, 2), side: 16);

        var result = engine.Step(images, labels, partners, 0.3);

        var predicted = engine.Evaluate(images).argmax(1);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Loss, Is.EqualTo(loss).Within(1e-5 * loss));
            Assert.That(result.Correct, Is.EqualTo(predicted.eq(labels).sum().ToDouble()));
            Assert.That(result.PartnerCorrect, Is.EqualTo(predicted.eq(partners).sum().ToDouble()));
            AssertClose(Some.Gradients(network, gradients), expected, Tolerance);
        }
    }

    // An odd batch, one smaller than the number of workers, and a single image.
    [TestCase(7, 3, 2, 3)]
    [TestCase(7, 3, 2, 1)]
    [TestCase(2, 4, 8, 4)]
    [TestCase(1, 3, 1, 2)]
    [TestCase(9, 2, 16, 2)]
    public void Step_GivesTheSame_HoweverTheBatchIsCut(int batch, int workers, int imagesAtOnce, int gradientSums)
    {
        var options = Some.Cifar(8, width: 8);
        using var network = Some.Network(options);
        var (images, labels) = (Some.Images(batch, 12), Some.Labels(batch));

        var (whole, wholeLoss) = GradientsOf(network, images, labels, new EngineOptions(1, batch));
        var (cut, cutLoss) = GradientsOf(network, images, labels, new EngineOptions(workers, imagesAtOnce, GradientSums: gradientSums));

        Assert.That(cutLoss, Is.EqualTo(wholeLoss).Within(1e-6 * wholeLoss));
        AssertClose(cut, whole, 1e-5); // sums of the same products in another order
    }

    [TestCase(2, 2)]
    [TestCase(2, 1)]
    [TestCase(3, 2)]
    public void Step_RepeatsBitForBit(int workers, int gradientSums)
    {
        using var network = Some.Network(Some.Cifar(20, width: 8));
        var (images, labels) = (Some.Images(11, 16), Some.Labels(11));
        var options = new EngineOptions(workers, 2, GradientSums: gradientSums);

        var runs = Enumerable.Range(0, 4).Select(_ => GradientsOf(network, images, labels, options)).ToArray();

        foreach (var run in runs) Assert.That((run.Loss, Bits(run.Gradients)), Is.EqualTo((runs[0].Loss, Bits(runs[0].Gradients))));
    }

    [TestCase(3, 1)]
    [TestCase(9, 2)]
    [TestCase(9, 4)]
    [TestCase(9, 100)]
    public void Step_GivesTheSameBits_WhenActivationsAreComputedAgain(int recomputedBlocks, int segmentLength)
    {
        using var network = Some.Network(Some.Cifar(20, width: 8));
        var (images, labels) = (Some.Images(5, 16), Some.Labels(5));

        var kept = GradientsOf(network, images, labels, new EngineOptions(2, 2));
        var again = GradientsOf(network, images, labels, new EngineOptions(2, 2, RecomputedBlocks: recomputedBlocks, SegmentLength: segmentLength));

        Assert.That((again.Loss, Bits(again.Gradients)), Is.EqualTo((kept.Loss, Bits(kept.Gradients))));
    }

    // bfloat16 has 8 bits: 2^-9 a rounding, some tens of which lie between an image and a gradient.
    [Test]
    public void Step_IsNearTheExactGradient_InBFloat16()
    {
        var options = Some.Cifar(20);
        using var network = Some.Network(options);
        var (images, labels) = (Some.Images(8, 32), Some.Labels(8));
        var (loss, expected) = Some.Reference(network, options, images, labels);

        var (gradients, actualLoss) = GradientsOf(network, images, labels, new EngineOptions(2, 4, ActivationPrecision.BFloat16));

        var weights = expected.Where(item => item.Value.Length > 1).ToDictionary();
        Assert.That(actualLoss, Is.EqualTo(loss).Within(0.01 * loss));
        AssertClose(weights.Keys.ToDictionary(name => name, name => gradients[name]), weights, 0.1);
    }

    [Test]
    public void Step_OverwritesWhatWasThere()
    {
        using var network = Some.Network(Some.Cifar(8, width: 8));
        using var gradients = new FlatGradients([.. network.parameters()]);
        var (images, labels) = (Some.Images(4, 12), Some.Labels(4));
        using var engine = Create(network, gradients, new EngineOptions(2, 2), side: 12);
        engine.Step(images, labels);
        var first = Some.Gradients(network, gradients);
        gradients.Whole.fill_(3);

        engine.Step(images, labels);

        Assert.That(Bits(Some.Gradients(network, gradients)), Is.EqualTo(Bits(first)));
    }

    [Test]
    public void Evaluate_GivesTheNetworksScores()
    {
        using var network = Some.Network(Some.Cifar(20, width: 8));
        using var gradients = new FlatGradients([.. network.parameters()]);
        var images = Some.Images(7, 16);
        using var engine = Create(network, gradients, new EngineOptions(2, 2), side: 16);

        var scores = Some.Values(engine.Evaluate(images));

        Assert.That(Some.Error(scores, Some.Values(network.call(images))), Is.LessThan(1e-5));
    }

    [Test]
    public void Step_RejectsLabelsAndShapes()
    {
        using var network = Some.Network(Some.Cifar(8, width: 8));
        using var gradients = new FlatGradients([.. network.parameters()]);
        using var engine = Create(network, gradients, new EngineOptions(1, 2), side: 12);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => engine.Step(Some.Images(2, 12), tensor([1L, 10L])), Throws.ArgumentException
                .With.Message.Contains("Label 10 of image 1 is not one of 10 classes"));
            Assert.That(() => engine.Step(Some.Images(2, 12), tensor([-1L, 1L])), Throws.ArgumentException.With.Message.Contains("Label -1 of image 0"));
            Assert.That(() => engine.Step(Some.Images(2, 16), Some.Labels(2)), Throws.TypeOf<ShapeMismatchException>());
            Assert.That(() => engine.Step(Some.Images(2, 12).to(ScalarType.Float64), Some.Labels(2)), Throws.TypeOf<ShapeMismatchException>());
        }
    }

    [TestCase(0, 1, null)]
    [TestCase(1, 0, null)]
    [TestCase(2, 1, 0)]
    public void Constructor_RejectsOptions(int workers, int imagesAtOnce, int? gradientSums)
    {
        using var network = Some.Network(Some.Cifar(8, width: 8));
        using var gradients = new FlatGradients([.. network.parameters()]);

        Assert.That(
            () => new DepthFirstEngine(network, gradients, 32, 32, new EngineOptions(workers, imagesAtOnce, GradientSums: gradientSums)),
            Throws.ArgumentException.With.Message.Contains("must be"));
    }

    [Test]
    public void WhyNot_NamesTheReason()
    {
        using var exact = Some.Network(Some.Cifar(8)).to(ScalarType.Float64);
        using var gradients = new FlatGradients([.. exact.parameters()]);

        Assert.That(DepthFirstEngine.WhyNot(exact), Does.Contain("float32"));
        Assert.That(() => new DepthFirstEngine(exact, gradients, 32, 32, new EngineOptions(1, 1)), Throws.TypeOf<NotSupportedException>());
    }

    // A parameter without a place would keep its first value, and nobody would see why.
    [Test]
    public void Constructor_NamesAParameterThatItHasNoPlaceFor()
    {
        using var network = Some.Network(Some.Cifar(8, width: 8));
        network.register_parameter("extra", new Parameter(zeros(1)));
        using var gradients = new FlatGradients([.. network.parameters()]);

        Assert.That(() => Create(network, gradients, new EngineOptions(1, 1)), Throws.TypeOf<NotSupportedException>().With.Message.Contains("no place for the parameter extra"));
    }

    [Test]
    public void Dispose_EndsTheEngine()
    {
        using var network = Some.Network(Some.Cifar(8, width: 8));
        using var gradients = new FlatGradients([.. network.parameters()]);
        var engine = Create(network, gradients, new EngineOptions(2, 2));

        engine.Dispose();

        Assert.That(() => engine.Step(Some.Images(2, 12), Some.Labels(2)), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(engine.Dispose, Throws.Nothing);
    }

    private static (Dictionary<string, double[]> Gradients, double Loss) GradientsOf(
        ResidualNetwork network, Tensor images, Tensor labels, EngineOptions options)
    {
        using var gradients = new FlatGradients([.. network.parameters()]);
        using var engine = Create(network, gradients, options, side: (int)images.shape[2]);
        var result = engine.Step(images, labels);
        return (Some.Gradients(network, gradients), result.Loss);
    }

    private static DepthFirstEngine Create(ResidualNetwork network, FlatGradients gradients, EngineOptions options, int side = 32) =>
        new(network, gradients, side, side, options);

    private static string Bits(Dictionary<string, double[]> gradients) =>
        string.Concat(gradients.Values.Select(values => Convert.ToHexString(MemoryMarshal.AsBytes<double>(values))));
}
