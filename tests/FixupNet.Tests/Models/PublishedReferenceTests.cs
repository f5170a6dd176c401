using System.Text.Json;
using FixupNet.Diagnostics;
using FixupNet.Models;
using FixupNet.Models.Architectures;
using FixupNet.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Models;

/// <summary>Holds models, optimizer and parameter groups against numbers from PyTorch in float64 (Fixtures/cifar-resnets.json).</summary>
/// <remarks>
/// Parameters, images and labels follow a formula, so no random generator is shared. Three steps at learning rate 0.001, 0.0001 for
/// parameters of one element, momentum 0.9, weight decay 5e-4, batch 4.
/// </remarks>
public class PublishedReferenceTests
{
    private static readonly JsonElement Reference = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", "cifar-resnets.json"))).RootElement;

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
        var expected = Reference.GetProperty(name);
        using var network = Network(name, dtype);
        using var optimizer = new Sgd(
            network.named_parameters(), new SgdOptions(0.001, 0.1, 0.9, 5e-4, ScalarGroup: ScalarGroupRule.SingleElement));
        var norms = GradientNorms.OfParameters(network.named_parameters());

        var (losses, logits, reading) = ThreeSteps(network, optimizer, norms, dtype);

        Assert.Multiple(() =>
        {
            Assert.That(losses, Is.EqualTo(Numbers(expected.GetProperty("losses"))).Within(100 * tolerance).Percent);
            // Relative to the largest: a logit near 0 is the difference of large sums, and its own size says nothing of their rounding.
            var expectedLogits = Numbers(expected.GetProperty("logits_first_sample"));
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
        var (images, labels) = (Images(dtype), tensor([0L, 1L, 2L, 3L]));
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

    private static ResNetCifar Network(string name, ScalarType dtype)
    {
        var parts = name.Split(':');
        var network = new ResNetCifar(new ResNetCifarOptions(Enum.Parse<ResidualVariant>(parts[0], ignoreCase: true), int.Parse(parts[1]))).to(dtype);
        using var mode = no_grad();
        var sorted = network.named_parameters().OrderBy(item => item.name, StringComparer.Ordinal).ToArray();
        for (var k = 0; k < sorted.Length; k++)
        {
            using var values = tensor(Formula(sorted[k].name, sorted[k].parameter.shape, k));
            sorted[k].parameter.copy_(values.view(sorted[k].parameter.shape));
        }
        return network;
    }

    // Parameter k in name order: amplitude · cos(0.7 i + 1.3 k + 0.1), rounded to float32; + 1 on scales and gains.
    private static double[] Formula(string name, long[] shape, int k)
    {
        var count = (int)shape.Aggregate(1L, (product, extent) => product * extent);
        return [.. Enumerable.Range(0, count).Select(i => Math.Cos(0.7 * i + 1.3 * k + 0.1)).Select(c => (double)(float)(shape.Length switch
        {
            4 => c * Math.Sqrt(2.0) * Math.Sqrt(2.0 / (shape[0] * shape[2] * shape[3])) * 0.25,
            2 => 0.1 * c,
            _ when name.EndsWith("scale", StringComparison.Ordinal) || name.EndsWith("weight", StringComparison.Ordinal) => 1.0 + 0.1 * c,
            _ => 0.05 * c,
        }))];
    }

    private static Tensor Images(ScalarType dtype) =>
        tensor([.. Enumerable.Range(0, 4 * 3 * 32 * 32).Select(i => (double)(float)Math.Sin(0.37 * i + 0.11))]).view(4, 3, 32, 32).to(dtype);

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];
}
