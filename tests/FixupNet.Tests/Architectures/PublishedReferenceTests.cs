using System.Text.Json;
using FixupNet.Architectures;
using FixupNet.Diagnostics;
using FixupNet.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Architectures;

/// <summary>Holds models, optimizer and parameter groups against numbers from PyTorch in float64 (Fixtures/cifar-resnets.json).</summary>
public class PublishedReferenceTests
{
    // Relative: rounding of some hundred thousand additions in another order; float32 has 2^-24 where float64 has 2^-53.
    [Test]
    public void Training_EqualsPyTorch(
        [Values("fixup:8", "fixup:20", "batchnorm:8", "batchnorm:20", "plain:8")] string name,
        [Values(ScalarType.Float64, ScalarType.Float32)] ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var tolerance = dtype == ScalarType.Float64 ? 1e-9 : 1e-4;
        // PyTorch's own float32 norms of this case are 2.7e-4 off its float64 ones, by the same amount in the same layer as ours.
        var normTolerance = (name, dtype) == ("batchnorm:20", ScalarType.Float32) ? 5e-4 : tolerance;
        var expected = PublishedReference.Expected(name);
        using var network = PublishedReference.Network(name, dtype);
        using var optimizer = new Sgd(
            network.named_parameters(), new SgdOptions(0.001, 0.1, 0.9, 5e-4, ScalarGroup: ScalarGroupRule.SingleElement));
        var norms = GradientNorms.OfParameters(network.named_parameters());

        var (losses, logits, reading) = ThreeSteps(network, optimizer, norms, dtype);

        Assert.Multiple(() =>
        {
            Assert.That(losses, Is.EqualTo(PublishedReference.Numbers(expected.GetProperty("losses"))).Within(100 * tolerance).Percent);
            // Relative to the largest: a logit near 0 is the difference of large sums, and its own size says nothing of their rounding.
            var expectedLogits = PublishedReference.Numbers(expected.GetProperty("logits_first_sample"));
            Assert.That(logits, Is.EqualTo(expectedLogits).Within(tolerance * expectedLogits.Max(Math.Abs)));
            for (var i = 0; i < norms.Names.Count; i++)
                Assert.That(
                    reading.Norms[i],
                    Is.EqualTo(expected.GetProperty("gradient_norms").GetProperty(norms.Names[i]).GetDouble()).Within(100 * normTolerance).Percent,
                    norms.Names[i]);
        });
    }

    private static (double[] Losses, double[] Logits, GradientNormReading Reading) ThreeSteps(
        ResNetCifar network, Sgd optimizer, GradientNorms norms, ScalarType dtype)
    {
        var (losses, firstLogits, reading) = (new double[3], Array.Empty<double>(), (GradientNormReading?)null);
        var (images, labels) = (PublishedReference.Images(dtype), PublishedReference.Labels());
        for (var step = 0; step < 3; step++)
        {
            optimizer.ZeroGradients();
            var logits = network.call(images);
            var loss = nn.functional.cross_entropy(logits, labels);
            loss.backward();
            losses[step] = loss.ToDouble();
            if (step == 0) (firstLogits, reading) = (logits.to(ScalarType.Float64).select(0, 0).contiguous().data<double>().ToArray(), norms.Measure());
            optimizer.Step(1.0);
        }
        return (losses, firstLogits, reading!);
    }
}
