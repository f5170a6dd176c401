using System.Runtime.InteropServices;
using FixupNet.Architectures;
using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;
using FixupNet.Execution;
using FixupNet.Methods;
using FixupNet.Optimization;
using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine.Tests;

/// <summary>Networks with batch normalization: gradients, running statistics, evaluation, and the same bits whoever computes.</summary>
internal sealed class BatchNormTests : EngineFixture
{
    // float32 against float64, in the norm of each parameter's whole gradient. Gradients before a normalization are small differences of large sums.
    private const double Tolerance = 2e-4;

    private static readonly object[] s_networks =
    [
        new object[] { Some.Cifar(8, variant: "batchnorm"), 32, 5, 2 },
        new object[] { Some.Cifar(20, width: 8, "batchnorm"), 28, 3, 2 },
        new object[] { Some.Cifar(8, width: 24, "batchnorm"), 14, 9, 1 },
        new object[] { Some.Cifar(14, width: 5, "batchnorm"), 9, 7, 3 },
        new object[] { new WideResNetCifarOptions(MethodZoo.All["batchnorm"].Method, 10, 1), 16, 3, 2 },
        new object[] { new WideResNetCifarOptions(MethodZoo.All["batchnorm"].Method, 16, 2), 12, 3, 2 },
        new object[] { Some.ImageNet(18, 8, "batchnorm"), 40, 5, 2 },
    ];

    // A value that is 0 but for rounding may fall on the other side of a ReLU, and one batch in some tens has such a value: what is wrong is so for all three.
    [TestCaseSource(nameof(s_networks))]
    public void Step_GivesTheExactGradient(object options, int side, int batch, int workers)
    {
        using var network = Some.Network(options);
        using var gradients = new FlatGradients([.. network.parameters()]);
        using var engine = Create(network, gradients, workers, batch, side);

        var errors = LargestErrors(network, options, engine, gradients, batch, side);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(errors.Select(error => error.OfLoss), Is.All.LessThan(1e-5));
            Assert.That(errors.Min(error => error.OfGradient), Is.LessThan(Tolerance));
            Assert.That(errors.Max(error => error.OfGradient), Is.LessThan(100 * Tolerance));
        }
    }

    // 53 normalizations, the last of them over few values, leave some of the parameters with gradients of few digits; the whole gradient has them.
    [TestCase(8, 64, 8, 2)]
    [TestCase(4, 45, 12, 1)]
    public void Step_GivesTheExactGradient_OfBottlenecks(int width, int side, int batch, int workers)
    {
        var options = Some.ImageNet(50, width, "batchnorm");
        using var network = Some.Network(options);
        using var gradients = new FlatGradients([.. network.parameters()]);
        using var engine = Create(network, gradients, workers, batch, side);

        var errors = LargestErrors(network, options, engine, gradients, batch, side);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(errors.Select(error => error.OfLoss), Is.All.LessThan(1e-5));
            Assert.That(errors.Min(error => error.OfWhole), Is.LessThan(1e-4));
            Assert.That(errors.Max(error => error.OfGradient), Is.LessThan(0.1));
        }
    }

    [Test]
    public void Step_GivesTheExactGradient_WithVectorsOfEveryWidth([Values] VectorWidth vectors)
    {
        if (vectors > VectorWidths.Widest) Assert.Ignore("This processor has no such vectors.");
        var options = Some.Cifar(8, variant: "batchnorm");
        using var network = Some.Network(options);
        using var gradients = new FlatGradients([.. network.parameters()]);
        var (images, labels) = (Some.Images(4, 16), Some.Labels(4));
        var (_, expected) = Some.Reference(network, options, images, labels);
        using var engine = new DepthFirstEngine(network, gradients, 16, 16, new EngineOptions(2, 4), vectors);

        engine.Step(images, labels);

        AssertClose(Some.Gradients(network, gradients), expected, Tolerance);
    }

    // Sums are taken about the running mean: one that is far from 0, as the mean itself, must not cost digits.
    [Test]
    public void Step_GivesTheExactGradient_OfImagesFarFromZero()
    {
        var options = Some.Cifar(8, width: 8, "batchnorm");
        using var network = Some.Network(options);
        using var gradients = new FlatGradients([.. network.parameters()]);
        var (images, labels) = (Some.Images(6, 16) + 30, Some.Labels(6));
        var (loss, expected) = Some.Reference(network, options, images, labels);
        using var engine = Create(network, gradients, 2, 6, 16);
        for (var step = 0; step < 30; step++) engine.Step(images, labels);

        var result = engine.Step(images, labels);

        Assert.That(result.Loss, Is.EqualTo(loss).Within(1e-4 * loss));
        AssertClose(Some.Gradients(network, gradients), expected, 10 * Tolerance); // the images themselves have lost a digit and a half
    }

    [Test]
    public void Step_MixesLabels_AndCountsRightAnswers()
    {
        var options = Some.Cifar(8, width: 8, "batchnorm");
        using var network = Some.Network(options);
        using var gradients = new FlatGradients([.. network.parameters()]);
        var (images, labels, partners) = (Some.Images(5, 16), Some.Labels(5), Some.Labels(5, step: 3));
        var (loss, expected) = Some.Reference(network, options, images, labels, partners, 0.3);
        var predicted = network.call(images).argmax(1);
        using var engine = Create(network, gradients, 2, 5, 16);

        var result = engine.Step(images, labels, partners, 0.3);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Loss, Is.EqualTo(loss).Within(1e-5 * loss));
            Assert.That(result.Correct, Is.EqualTo(predicted.eq(labels).sum().ToDouble()));
            Assert.That(result.PartnerCorrect, Is.EqualTo(predicted.eq(partners).sum().ToDouble()));
            AssertClose(Some.Gradients(network, gradients), expected, Tolerance);
        }
    }

    // At every step from the same weights: left to themselves, two trainings with batch normalization part from one rounding on.
    [TestCase(20, 16, 1e-5)]
    [TestCase(110, 8, 1e-4)]
    public void Step_FollowsTheEagerPath_AlongATraining(int depth, int width, double tolerance)
    {
        var options = Some.Cifar(depth, width, "batchnorm");
        using var network = Some.Network(options);
        using var eager = Some.Network(options);
        using var optimizer = new Sgd(eager.named_parameters(), new SgdOptions(LearningRate: 0.01));
        using var gradients = new FlatGradients([.. network.parameters()]);
        using var engine = Create(network, gradients, 2, 8, 16);
        var (losses, faithful) = (new List<double>(), 0);

        for (ulong step = 0; step < 10; step++)
        {
            var (images, labels) = (Some.Images(8, 16, seed: step + 10), Some.Labels(8));
            using (no_grad())
                foreach (var (ours, theirs) in network.parameters().Zip(eager.parameters())) ours.copy_(theirs);
            optimizer.ZeroGradients();
            var loss = Some.Loss(eager.call(images), labels, null, 1);
            loss.backward();
            losses.Add(Math.Abs(engine.Step(images, labels).Loss - loss.ToDouble()) / loss.ToDouble());
            var (actual, expected) = (Some.Gradients(network, gradients), Some.Gradients(eager, optimizer.Gradients));
            if (expected.All(item => Math.Abs(Some.Norm(actual[item.Key]) / Some.Norm(item.Value) - 1) < 100 * tolerance)) faithful++;
            optimizer.Step(1.0);
        }

        Assert.That(losses, Is.All.LessThan(tolerance));
        Assert.That(faithful, Is.GreaterThanOrEqualTo(5), "steps without a value that fell on the other side of a ReLU");
    }

    [Test]
    public void Step_UpdatesRunningStatisticsAsTheModuleDoes()
    {
        var options = Some.Cifar(14, width: 8, "batchnorm");
        using var network = Some.Network(options);
        using var eager = Some.Network(options);
        using var gradients = new FlatGradients([.. network.parameters()]);
        using var engine = Create(network, gradients, 2, 7, 16);

        for (ulong step = 0; step < 3; step++)
        {
            var images = Some.Images(7, 16, seed: 20 + step);
            engine.Step(images, Some.Labels(7));
            using (no_grad()) eager.call(images);
        }

        var expected = eager.named_buffers().ToDictionary(item => item.Item1, item => Some.Values(item.Item2));
        Assert.That(expected.Keys.Count(name => name.EndsWith("num_batches_tracked", StringComparison.Ordinal)), Is.EqualTo(15));
        AssertClose(network.named_buffers().ToDictionary(item => item.Item1, item => Some.Values(item.Item2)), expected, 1e-5);
    }

    [TestCase(16)]
    [TestCase(3)]
    public void Evaluate_GivesTheNetworksScores_WithRunningStatistics_HoweverManyImagesAtOnce(int capacity)
    {
        using var network = Some.Network(Some.Cifar(14, width: 8, "batchnorm"));
        using var gradients = new FlatGradients([.. network.parameters()]);
        using var engine = Create(network, gradients, 2, capacity, 16);
        engine.Step(Some.Images(3, 16), Some.Labels(3));
        var images = Some.Images(7, 16);
        network.eval();

        var scores = Some.Values(engine.Evaluate(images));

        Assert.That(Some.Error(scores, Some.Values(network.call(images))), Is.LessThan(1e-5));
    }

    // Parts of a batch do not depend on who computes them.
    [Test]
    public void Step_GivesTheSameBits_WhateverTheNumberOfWorkers()
    {
        var images = Some.Images(40, 32);

        var runs = new[] { 1, 2, 3, 2, 1 }.Select(workers => BitsOfTwoSteps(workers, images)).ToArray();

        Assert.That(runs, Is.All.EqualTo(runs[0]));
    }

    [Test]
    public void Step_TakesSmallerBatches_AndRefusesLargerOnes()
    {
        var options = Some.Cifar(8, width: 8, "batchnorm");
        using var network = Some.Network(options);
        using var gradients = new FlatGradients([.. network.parameters()]);
        var (images, labels) = (Some.Images(3, 12), Some.Labels(3));
        var (_, expected) = Some.Reference(network, options, images, labels);
        using var engine = Create(network, gradients, 4, 8, 12);
        engine.Step(Some.Images(8, 12), Some.Labels(8));

        engine.Step(images, labels);

        AssertClose(Some.Gradients(network, gradients), expected, Tolerance);
        Assert.That(() => engine.Step(Some.Images(9, 12), Some.Labels(9)), Throws.ArgumentException.With.Message.Contains("9 images").And.Message.Contains("1 to 8"));
        Assert.That(() => engine.Step(images, tensor([1L, 2L, 10L])), Throws.ArgumentException.With.Message.Contains("Label 10 of image 2"));
    }

    [TestCase(ActivationPrecision.BFloat16, 0, "float32 only")]
    [TestCase(ActivationPrecision.Float32, 1, "no block can be computed again")]
    public void Constructor_RejectsOptions(ActivationPrecision precision, int recomputedBlocks, string reason)
    {
        using var network = Some.Network(Some.Cifar(8, width: 8, "batchnorm"));
        using var gradients = new FlatGradients([.. network.parameters()]);

        Assert.That(
            () => new DepthFirstEngine(network, gradients, 32, 32, new EngineOptions(1, 4, precision, recomputedBlocks)), Throws.ArgumentException.With.Message.Contains(reason));
    }

    [Test]
    public void Memory_IsThreeTensorsABlock()
    {
        using var shallow = Some.Network(Some.Cifar(20, variant: "batchnorm"));
        using var deep = Some.Network(Some.Cifar(26, variant: "batchnorm"));
        var options = new EngineOptions(2, 128);

        var more = new EngineMemory(deep, 32, 32).Bytes(options) - new EngineMemory(shallow, 32, 32).Bytes(options);

        // A block of each width: 16 channels of 32×32, 32 of 16×16, 64 of 8×8.
        Assert.That(more, Is.EqualTo(3.0 * 128 * sizeof(float) * (16384 + 8192 + 4096)).Within(1).Percent);
    }

    private static string BitsOfTwoSteps(int workers, Tensor images)
    {
        using var network = Some.Network(Some.Cifar(8, variant: "batchnorm"));
        using var gradients = new FlatGradients([.. network.parameters()]);
        using var engine = Create(network, gradients, workers, (int)images.shape[0], (int)images.shape[2]);
        var labels = Some.Labels((int)images.shape[0]);
        engine.Step(images, labels);
        var result = engine.Step(images, labels);
        var values = Some.Gradients(network, gradients).Values.Concat(network.buffers().Select(Some.Values)).Append([result.Loss]);
        return string.Concat(values.Select(array => Convert.ToHexString(MemoryMarshal.AsBytes<double>(array))));
    }

    private static DepthFirstEngine Create(ResidualNetwork network, FlatGradients gradients, int workers, int imagesAtOnce, int side) =>
        new(network, gradients, side, side, new EngineOptions(workers, imagesAtOnce));
}
