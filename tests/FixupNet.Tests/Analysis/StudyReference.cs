using System.Text.Json;
using FixupNet.Architectures;
using FixupNet.Execution;
using FixupNet.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Analysis;

/// <summary>PyTorch's float64 results of Fixtures/studies.json, and the networks and images that they are of.</summary>
/// <remarks>
/// Parameters as in <see cref="ReferenceTraining"/>, running statistics by the same rule in an order of their own. Pixels are
/// ⌊255·(0.5 + 0.5 sin(0.37 i + 0.003 (i mod 1009)² + 0.11)) + 0.5⌋/255, which a network is given with CIFAR-10's mean and deviation.
/// </remarks>
internal static class StudyReference
{
    private static readonly double[] s_mean = [0.4914, 0.4822, 0.4465];
    private static readonly double[] s_deviation = [0.2023, 0.1994, 0.2010];

    /// <summary>The results.</summary>
    internal static JsonElement All { get; } = ReferenceTraining.Read("studies.json");

    /// <summary>The networks of the results whose names begin so.</summary>
    internal static IEnumerable<string> NetworksOf(string study) =>
        All.EnumerateObject().Select(member => member.Name).Where(name => name.StartsWith($"{study} ", StringComparison.Ordinal) && name.Contains(':'));

    /// <summary>A network with the reference's parameters, in float64 and in training mode.</summary>
    internal static ResidualNetwork Network(JsonElement expected, int classCount = 10)
    {
        var options = new ResNetCifarOptions(MethodZoo.All[expected.GetProperty("method").GetString()!].Method, expected.GetProperty("depth").GetInt32(), expected.GetProperty("width").GetInt32());
        var network = new ResNetCifar(options, classCount).to(ScalarType.Float64);
        ReferenceTraining.SetParameters(network);
        using var mode = no_grad();
        foreach (var (k, (name, buffer)) in network.named_buffers().Where(item => item.buffer.dim() > 0).OrderBy(item => item.name, StringComparer.Ordinal).Index())
        {
            var base0 = name.EndsWith("running_var", StringComparison.Ordinal) ? (Start: 1.0, Size: 0.1) : (Start: 0.0, Size: 0.05);
            double[] values = [.. Enumerable.Range(0, (int)buffer.numel()).Select(i => (double)(float)(base0.Start + base0.Size * Math.Cos(0.7 * i + 1.3 * k + 0.1 + 0.003 * Math.Pow(i % 1009, 2))))];
            using var tensorOfValues = tensor(values);
            buffer.copy_(tensorOfValues.view(buffer.shape));
        }
        return network;
    }

    /// <summary>Pixels [4,3,32,32] in [0, 1].</summary>
    internal static Tensor Pixels() => tensor(
    [
        .. Enumerable.Range(0, 4 * 3 * 32 * 32).Select(i => Math.Floor(255 * (0.5 + 0.5 * Math.Sin(0.37 * i + 0.003 * Math.Pow(i % 1009, 2) + 0.11)) + 0.5) / 255),
    ]).view(4, 3, 32, 32);

    /// <summary>What a network is given of pixels.</summary>
    internal static Tensor Normalized(Tensor pixels) => (pixels - tensor(s_mean).view(3, 1, 1)) / tensor(s_deviation).view(3, 1, 1);

    /// <summary>A member of an object, a number.</summary>
    internal static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    /// <summary>A member of an object, numbers.</summary>
    internal static double[] Numbers(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];
}
