using System.Text.Json;
using FixupNet.Diagnostics;
using FixupNet.Execution;
using FixupNet.Optimization;
using FixupNet.Optimization.GradientTransforms;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests;

/// <summary>What a reference network learns.</summary>
/// <param name="Loss">Of its output.</param>
/// <param name="First">The logits that are compared.</param>
/// <param name="Name">What the file calls them.</param>
/// <param name="ScalarFactor">The rate of parameters of one element as a multiple of the others'.</param>
/// <param name="IsBrief">Whether the file has some of the norms alone.</param>
internal sealed record ReferenceOutput(Func<Tensor, Tensor> Loss, Func<Tensor, Tensor> First, string Name, double ScalarFactor, bool IsBrief)
{
    internal static ReferenceOutput OfImages()
    {
        var labels = tensor([0L, 1L, 2L, 3L]);
        return new(logits => nn.functional.cross_entropy(logits, labels), logits => logits.select(0, 0), "logits_first_sample", ScalarFactor: 0.1, IsBrief: false);
    }
}

/// <summary>Trains a network for three steps and holds it against PyTorch's float64 results of the same (Fixtures/methods.json, agc.json, imagenet.json, transformer.json).</summary>
/// <remarks>
/// Parameter k in ordinal order of the names has the values, i the flat index and c = cos(0.7 i + 0.003 (i mod 1009)² + 1.3 k + 0.1):
/// convolutions c·√(2/(C_out·k·k)), matrices 2c/√(rows + columns), resweight and skip_gain 0.3 + 0.1c, other multipliers and gains 1 + 0.1c, the rest
/// 0.05c; images sin(0.37 i + 0.11), for ImageNet sin(0.37 i + 0.11 + 0.003 (i mod 1009)²), labels 0, 1, 2, 3; all rounded to float32. SGD: momentum
/// 0.9, weight decay 5e-4, parameters of one element at a tenth of the rate.
/// </remarks>
internal static class ReferenceTraining
{
    private const int StepCount = 3;

    /// <summary>A file of reference results.</summary>
    internal static JsonElement Read(string file) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", file))).RootElement;

    /// <summary>Trains and compares.</summary>
    /// <param name="network">The network, of the dtype to train in, with the reference's parameters.</param>
    /// <param name="images">Images [4,C,H,W] of that dtype.</param>
    /// <param name="expected">The results.</param>
    /// <param name="learningRate">Of the weights.</param>
    /// <param name="relative">How far losses, logits and norms may be off, relative to their size; norms more by <paramref name="normFactor"/>.</param>
    /// <param name="floor">How far logits and norms may be off, relative to the largest of them.</param>
    /// <param name="normFactor">How many times further norms may be off.</param>
    /// <param name="isClipped">Whether adaptive gradient clipping stands between gradient and update.</param>
    /// <param name="output">What is learned; null to tell images apart.</param>
    internal static void Check(
        ResidualNetwork network, Tensor images, JsonElement expected, double learningRate, double relative, double floor, double normFactor = 1,
        bool isClipped = false, ReferenceOutput? output = null)
    {
        output ??= ReferenceOutput.OfImages();
        var scalarRates = new SgdOptions(learningRate, output.ScalarFactor, 0.9, 5e-4, ScalarGroup: ScalarGroupRule.SingleElement);
        using var optimizer = new Sgd(network.named_parameters(), scalarRates);
        var norms = GradientNorms.OfParameters(network.named_parameters());
        var target = new TransformTarget([.. network.named_parameters()], optimizer.Gradients, network.Topology, new HashSet<string>());
        GradientNormReading? clipped = null;
        var (losses, totals) = (new List<double>(), new List<double>());
        var (first, logitsOfFirst) = ((GradientNormReading?)null, Array.Empty<double>());
        for (var step = 0; step < StepCount; step++)
        {
            optimizer.ZeroGradients();
            var logits = network.call(images);
            var loss = output.Loss(logits);
            loss.backward();
            losses.Add(loss.ToDouble());
            var reading = norms.Measure();
            totals.Add(reading.Total);
            if (step == 0) (first, logitsOfFirst) = (reading, output.First(logits).detach().to(ScalarType.Float64).data<double>().ToArray());
            if (isClipped)
            {
                GradientTransformRegistry.All["agc"].Create(target, new AgcOptions()).Apply();
                clipped ??= norms.Measure();
            }
            optimizer.Step(1.0);
        }

        // A sum that is 0 but for rounding may fall on either side of a ReLU after two updates: in float32, norms are compared at the first step.
        var comparedTotals = network.parameters().First().dtype == ScalarType.Float64 ? StepCount : 1;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.parameters().Sum(parameter => parameter.numel()), Is.EqualTo(expected.GetProperty("parameters").GetInt64()));
            AreClose(losses, Numbers(expected, "losses"), relative, 0, "losses");
            AreClose(totals, [.. Numbers(expected, "total_gradient_norms").Take(comparedTotals)], relative * normFactor, 0, "total norms");
            var logits = Numbers(expected, output.Name);
            AreClose(logitsOfFirst, logits, relative, floor * logits.Max(Math.Abs), "logits");
            var gradients = expected.GetProperty("gradient_norms").EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetDouble());
            Assert.That(norms.Names, output.IsBrief ? Is.SupersetOf(gradients.Keys) : Is.EquivalentTo(gradients.Keys));
            var measured = norms.Names.Zip(first!.Norms).ToDictionary();
            AreClose([.. gradients.Keys.Select(name => measured[name])], [.. gradients.Values], relative * normFactor, floor * totals[0], "norms");
            if (clipped is null) return;
            // Only those that were changed are listed.
            var transformed = expected.GetProperty("transformed_gradient_norms").EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetDouble());
            var afterwards = norms.Names.Zip(clipped.Norms).Where(item => transformed.ContainsKey(item.First)).ToDictionary();
            AreClose([.. afterwards.Values], [.. afterwards.Keys.Select(layer => transformed[layer])], relative, floor * totals[0], "clipped norms");
        }
    }

    /// <summary>The reference's images.</summary>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="dtype">Their type.</param>
    /// <param name="chirp">0.003 for ImageNet's.</param>
    /// <param name="count">N.</param>
    internal static Tensor Images(int height, int width, ScalarType dtype, double chirp = 0, int count = 4) =>
        tensor([.. Enumerable.Range(0, count * 3 * height * width).Select(i => (double)(float)Math.Sin(0.37 * i + 0.11 + chirp * Math.Pow(i % 1009, 2)))])
            .view(count, 3, height, width).to(dtype);

    private static void AreClose(IReadOnlyList<double> actual, IReadOnlyList<double> expected, double relative, double absolute, string what)
    {
        for (var i = 0; i < expected.Count; i++)
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(relative * Math.Abs(expected[i]) + absolute), $"{what} {i}");
    }

    /// <summary>Sets parameters to the reference's.</summary>
    internal static void SetParameters(ResidualNetwork network)
    {
        using var mode = no_grad();
        foreach (var (k, (name, parameter)) in network.named_parameters().OrderBy(item => item.name, StringComparer.Ordinal).Index())
        {
            using var values = tensor(Formula(name, parameter.shape, k));
            parameter.copy_(values.view(parameter.shape));
        }
    }

    private static double[] Formula(string name, long[] shape, int k)
    {
        var count = (int)shape.Aggregate(1L, (product, extent) => product * extent);
        return [.. Enumerable.Range(0, count).Select(i => Math.Cos(0.7 * i + 1.3 * k + 0.1 + 0.003 * Math.Pow(i % 1009, 2))).Select(c => (double)(float)(shape.Length switch
        {
            4 => c * Math.Sqrt(2.0 / (shape[0] * shape[2] * shape[3])),
            3 => c,
            2 => c * (2.0 / Math.Sqrt(shape[0] + shape[1])),
            _ when EndsWith(name, "resweight", "skip_gain") => 0.3 + 0.1 * c,
            _ when EndsWith(name, "scale", "weight", "gain") => 1.0 + 0.1 * c,
            _ => 0.05 * c,
        }))];
    }

    private static bool EndsWith(string name, params string[] ends) => ends.Any(end => name.EndsWith(end, StringComparison.Ordinal));

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
}
