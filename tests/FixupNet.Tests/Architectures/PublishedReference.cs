using System.Text.Json;
using FixupNet.Architectures;
using FixupNet.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Architectures;

/// <summary>Networks whose training PyTorch has computed in float64 (Fixtures/cifar-resnets.json), with what it found.</summary>
/// <remarks>
/// Parameters, images and labels follow a formula, so no random generator is shared. Three steps at learning rate 0.001, 0.0001 for
/// parameters of one element, momentum 0.9, weight decay 5e-4, batch 4.
/// </remarks>
internal static class PublishedReference
{
    private static readonly JsonElement s_reference = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", "cifar-resnets.json"))).RootElement;

    public static JsonElement Expected(string name) => s_reference.GetProperty(name);

    public static Tensor Labels() => tensor([0L, 1L, 2L, 3L]);

    public static ResNetCifar Network(string name, ScalarType dtype)
    {
        var parts = name.Split(':');
        var network = new ResNetCifar(new ResNetCifarOptions(MethodZoo.All[parts[0]].Method, int.Parse(parts[1]))).to(dtype);
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

    public static Tensor Images(ScalarType dtype) =>
        tensor([.. Enumerable.Range(0, 4 * 3 * 32 * 32).Select(i => (double)(float)Math.Sin(0.37 * i + 0.11))]).view(4, 3, 32, 32).to(dtype);

    public static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];
}
