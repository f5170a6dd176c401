using System.Text.Json;
using FixupNet.Architectures;
using FixupNet.Diagnostics;
using FixupNet.Methods;
using FixupNet.Optimization;
using FixupNet.Optimization.GradientTransforms;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Methods;

/// <summary>Every method's network against PyTorch's float64 results of three steps (Fixtures/methods.json).</summary>
/// <remarks>
/// Parameter k in ordinal order of the names has the values, i the flat index and c = cos(0.7 i + 0.003 (i mod 1009)² + 1.3 k + 0.1):
/// convolutions c·√(2/(C_out·k·k)), matrices 2c/√(rows + columns), resweight and skip_gain 0.3 + 0.1c, other multipliers and gains 1 + 0.1c, the rest
/// 0.05c; images sin(0.37 i + 0.11), labels 0, 1, 2, 3; all rounded to float32. SGD: 0.001, 0.0001 for parameters of one element, momentum 0.9, weight
/// decay 5e-4.
/// </remarks>
public sealed class MethodReferenceTests
{
    private const int StepCount = 3;

    private static readonly JsonElement s_plain = Read("methods.json");
    private static readonly JsonElement s_clipped = Read("agc.json");

    private static IEnumerable<TestCaseData> Networks() => Of(s_plain, false).Concat(Of(s_clipped, true));

    // Moving every parameter by 1e-13 of itself moves norms by up to 1.4e-9 of themselves: the bar is 1e-9, beside 1e-12 of the whole gradient's norm.
    [TestCaseSource(nameof(Networks))]
    public void Training_EqualsPyTorch_InFloat64(string name, bool isClipped) => Check(name, isClipped, ScalarType.Float64, 1e-9, 1e-12);

    // A sum that is 0 but for rounding may fall on either side of a ReLU after two updates: norms are compared at the first step, losses at all.
    [TestCaseSource(nameof(Networks))]
    public void Training_EqualsPyTorch_InFloat32(string name, bool isClipped) => Check(name, isClipped, ScalarType.Float32, 1e-4, 1e-6);

    private static JsonElement Read(string fixture) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", fixture))).RootElement;

    private static IEnumerable<TestCaseData> Of(JsonElement reference, bool isClipped) =>
        reference.EnumerateObject().Where(member => member.Name.Contains(':')).Select(member => new TestCaseData(member.Name, isClipped));

    private static void Check(string name, bool isClipped, ScalarType dtype, double relative, double floor)
    {
        using var scope = NewDisposeScope();
        var expected = (isClipped ? s_clipped : s_plain).GetProperty(name);
        using var network = Network(name, dtype);
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions(0.001, 0.1, 0.9, 5e-4, ScalarGroup: ScalarGroupRule.SingleElement));
        var target = new TransformTarget([.. network.named_parameters()], optimizer.Gradients, network.Topology, new HashSet<string>());
        var norms = GradientNorms.OfParameters(network.named_parameters());
        GradientNormReading? clipped = null;
        var (images, labels) = (Images(dtype), tensor([0L, 1L, 2L, 3L]));
        var (losses, totals) = (new List<double>(), new List<double>());
        var (first, logitsOfFirst) = ((GradientNormReading?)null, Array.Empty<double>());
        for (var step = 0; step < StepCount; step++)
        {
            optimizer.ZeroGradients();
            var logits = network.call(images);
            var loss = nn.functional.cross_entropy(logits, labels);
            loss.backward();
            losses.Add(loss.ToDouble());
            var reading = norms.Measure();
            totals.Add(reading.Total);
            if (step == 0) (first, logitsOfFirst) = (reading, logits.select(0, 0).detach().to(ScalarType.Float64).data<double>().ToArray());
            if (isClipped)
            {
                GradientTransformRegistry.All["agc"].Create(target, new AgcOptions()).Apply();
                clipped ??= norms.Measure();
            }
            optimizer.Step(1.0);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(network.parameters().Sum(parameter => parameter.numel()), Is.EqualTo(expected.GetProperty("parameters").GetInt64()));
            AreClose(losses, Numbers(expected, "losses"), relative, 0, "losses");
            AreClose(totals, [.. Numbers(expected, "total_gradient_norms").Take(dtype == ScalarType.Float64 ? StepCount : 1)], relative, 0, "total norms");
            var logits = Numbers(expected, "logits_first_sample");
            AreClose(logitsOfFirst, logits, relative, floor * logits.Max(Math.Abs), "logits");
            var gradients = expected.GetProperty("gradient_norms");
            Assert.That(norms.Names, Is.EquivalentTo(gradients.EnumerateObject().Select(member => member.Name)));
            AreClose(first!.Norms, [.. norms.Names.Select(layer => gradients.GetProperty(layer).GetDouble())], relative, floor * totals[0], "norms");
            if (!isClipped) return;
            // Only those that were changed are listed.
            var transformed = expected.GetProperty("transformed_gradient_norms").EnumerateObject().ToDictionary(item => item.Name, item => item.Value.GetDouble());
            var afterwards = norms.Names.Zip(clipped!.Norms).Where(item => transformed.ContainsKey(item.First)).ToDictionary();
            AreClose([.. afterwards.Values], [.. afterwards.Keys.Select(layer => transformed[layer])], relative, floor * totals[0], "clipped norms");
        }
    }

    private static void AreClose(IReadOnlyList<double> actual, IReadOnlyList<double> expected, double relative, double absolute, string what)
    {
        for (var i = 0; i < expected.Count; i++)
            Assert.That(actual[i], Is.EqualTo(expected[i]).Within(relative * Math.Abs(expected[i]) + absolute), $"{what} {i}");
    }

    private static ResNetCifar Network(string name, ScalarType dtype)
    {
        var parts = name.Split(':');
        var method = parts[0] switch
        {
            "nf" => new NormFreeMethod(SkipGain: false),
            "nf+skipgain" => new NormFreeMethod(SkipGain: true),
            _ => MethodZoo.All[parts[0]].Method,
        };
        var network = new ResNetCifar(new ResNetCifarOptions(method, int.Parse(parts[1]))).to(dtype);
        using var mode = no_grad();
        foreach (var (k, (parameterName, parameter)) in network.named_parameters().OrderBy(item => item.name, StringComparer.Ordinal).Index())
        {
            using var values = tensor(Formula(parameterName, parameter.shape, k));
            parameter.copy_(values.view(parameter.shape));
        }
        return network;
    }

    private static double[] Formula(string name, long[] shape, int k)
    {
        var count = (int)shape.Aggregate(1L, (product, extent) => product * extent);
        return [.. Enumerable.Range(0, count).Select(i => Math.Cos(0.7 * i + 1.3 * k + 0.1 + 0.003 * Math.Pow(i % 1009, 2))).Select(c => (double)(float)(shape.Length switch
        {
            4 => c * Math.Sqrt(2.0 / (shape[0] * shape[2] * shape[3])),
            2 => c * (2.0 / Math.Sqrt(shape[0] + shape[1])),
            _ when EndsWith(name, "resweight", "skip_gain") => 0.3 + 0.1 * c,
            _ when EndsWith(name, "scale", "weight", "gain") => 1.0 + 0.1 * c,
            _ => 0.05 * c,
        }))];
    }

    private static bool EndsWith(string name, params string[] ends) => ends.Any(end => name.EndsWith(end, StringComparison.Ordinal));

    private static Tensor Images(ScalarType dtype) =>
        tensor([.. Enumerable.Range(0, 4 * 3 * 32 * 32).Select(i => (double)(float)Math.Sin(0.37 * i + 0.11))]).view(4, 3, 32, 32).to(dtype);

    private static double[] Numbers(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
}
