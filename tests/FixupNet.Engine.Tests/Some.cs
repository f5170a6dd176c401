using FixupNet.Initialization;
using FixupNet.Models;
using FixupNet.Optimizers;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace FixupNet.Engine.Tests;

/// <summary>Networks whose every parameter counts, images, and the reference: libtorch's own backward pass in float64.</summary>
internal static class Some
{
    public const int ClassCount = 10;

    /// <summary>A network with noise on every parameter, so that no gradient is 0 as Fixup's are at its start.</summary>
    public static ResidualNetwork Network(string model, object options, double noise = 0.05, ulong seed = 1)
    {
        var entry = ModelZoo.All[model];
        var network = entry.Create(options, ClassCount);
        using var generator = new Generator(seed, CPU);
        using var noGradients = no_grad();
        InitializationSchemes.All["fixup"].Scheme.Initialize(network.Topology, generator);
        foreach (var (_, parameter) in network.named_parameters())
        {
            // Of the size that keeps a deep network's values moderate: the square root of a weight's inputs, at most 0.05.
            var inputs = parameter.numel() / parameter.shape[0];
            parameter.add_(randn(parameter.shape, generator: generator) * Math.Min(noise, noise / Math.Sqrt(inputs)));
        }
        return network;
    }

    public static Tensor Images(int count, int side = 32, ulong seed = 2)
    {
        using var generator = new Generator(seed, CPU);
        return randn([count, 3, side, side], generator: generator);
    }

    public static Tensor Labels(int count) => tensor([.. Enumerable.Range(0, count).Select(i => (long)(7 * i % ClassCount))]);

    /// <summary>Loss and every parameter's gradient, by name, of a copy in float64.</summary>
    public static (double Loss, Dictionary<string, double[]> Gradients) Reference(
        ResidualNetwork network, Func<ResidualNetwork> copy, Tensor images, Tensor labels, Tensor? partners = null, double lambda = 1)
    {
        using var scope = NewDisposeScope();
        var exact = copy();
        foreach (var (ours, theirs) in exact.parameters().Zip(network.parameters()))
            using (no_grad()) ours.copy_(theirs);
        exact.to(ScalarType.Float64);
        var logits = exact.call(images.to(ScalarType.Float64));
        var loss = partners is null ? F.cross_entropy(logits, labels) : F.cross_entropy(logits, labels) * lambda + F.cross_entropy(logits, partners) * (1 - lambda);
        loss.backward();
        var gradients = exact.named_parameters().ToDictionary(item => item.name, item => Values(item.parameter.grad!));
        exact.Dispose();
        return (loss.ToDouble(), gradients);
    }

    public static double[] Values(Tensor tensor) => tensor.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();

    public static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
}
