using FixupNet.Diagnostics;
using FixupNet.Models;
using FixupNet.Models.Architectures;
using FixupNet.Optimizers;
using FixupNet.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine.Tests;

/// <summary>Holds training by the engine against libtorch's own backward pass, and against PyTorch.</summary>
public sealed class TrainingTests : EngineFixture
{
    private const int Side = 16;
    private const int BatchSize = 8;

    // Relative, as published networks promise: losses and every gradient norm of 20 steps.
    private const double Tolerance = 1e-4;

    // A value that is 0 but for rounding may fall on either side of a ReLU, and a network is another function then: seeds where none does.
    private static readonly object[] s_networks =
    [
        new object[] { Some.Cifar(8), 1UL },
        new object[] { Some.Cifar(20), 1UL },
        new object[] { Some.Cifar(110, width: 8), 1UL },
        new object[] { Some.Cifar(8, variant: ResidualVariant.Plain), 1UL },
        new object[] { Some.Cifar(20, variant: ResidualVariant.Plain), 2UL },
        new object[] { Some.Cifar(110, 8, ResidualVariant.Plain), 1UL },
        new object[] { new WideResNetCifarOptions(ResidualVariant.Fixup, 10, 2), 1UL },
        new object[] { new WideResNetCifarOptions(ResidualVariant.Plain, 10, 2), 2UL },
    ];

    [TestCaseSource(nameof(s_networks))]
    public void Training_FollowsTheEagerPath_ForTwentySteps(object options, ulong seed)
    {
        var (eager, engine) = (new List<(double Loss, double[] Norms)>(), new List<(double Loss, double[] Norms)>());

        Train(options, seed, eager, (network, optimizer) =>
        {
            return (images, labels) =>
            {
                optimizer.ZeroGradients();
                var loss = Some.Loss(network.call(images), labels, null, 1);
                loss.backward();
                return loss.ToDouble();
            };
        });
        Train(options, seed, engine, (network, optimizer) =>
        {
            var computes = new DepthFirstEngine(network, optimizer.Gradients, Side, Side, new EngineOptions(2, 2));
            return (images, labels) => computes.Step(images, labels).Loss;
        });

        using (Assert.EnterMultipleScope())
        {
            for (var step = 0; step < eager.Count; step++)
            {
                Assert.That(engine[step].Loss, Is.EqualTo(eager[step].Loss).Within(100 * Tolerance).Percent, $"loss at step {step}");
                Assert.That(engine[step].Norms, Is.EqualTo(eager[step].Norms).Within(100 * Tolerance).Percent, $"norms at step {step}");
            }
        }
    }

    [TestCase("fixup:8")]
    [TestCase("fixup:20")]
    [TestCase("plain:8")]
    public void Training_EqualsPyTorch(string name)
    {
        var expected = PublishedReference.Expected(name);
        using var network = PublishedReference.Network(name, ScalarType.Float32);
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions(0.001, 0.1, 0.9, 5e-4, ScalarGroup: ScalarGroupRule.SingleElement));
        var norms = GradientNorms.OfParameters(network.named_parameters());
        using var engine = new DepthFirstEngine(network, optimizer.Gradients, 32, 32, new EngineOptions(2, 2));
        var (images, labels) = (PublishedReference.Images(ScalarType.Float32), PublishedReference.Labels());

        var (losses, first) = (new List<double>(), (double[]?)null);
        for (var step = 0; step < 3; step++)
        {
            losses.Add(engine.Step(images, labels).Loss);
            first ??= [.. norms.Measure().Norms];
            optimizer.Step(1.0);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(losses, Is.EqualTo(PublishedReference.Numbers(expected.GetProperty("losses"))).Within(100 * Tolerance).Percent);
            for (var i = 0; i < norms.Names.Count; i++)
                Assert.That(first![i], Is.EqualTo(expected.GetProperty("gradient_norms").GetProperty(norms.Names[i]).GetDouble()).Within(100 * Tolerance).Percent, norms.Names[i]);
        }
    }

    private static void Train(
        object options, ulong seed, List<(double Loss, double[] Norms)> record, Func<ResidualNetwork, Sgd, Func<Tensor, Tensor, double>> gradients)
    {
        using var network = Some.Network(options, seed);
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions(LearningRate: 0.01));
        var norms = GradientNorms.OfWeights(network.Topology);
        var compute = gradients(network, optimizer);
        for (var step = 0; step < 20; step++)
        {
            using var scope = NewDisposeScope();
            var loss = compute(Some.Images(BatchSize, Side, (ulong)step + 10), Some.Labels(BatchSize));
            record.Add((loss, [.. norms.Measure().Norms]));
            optimizer.Step(1.0);
        }
    }
}
