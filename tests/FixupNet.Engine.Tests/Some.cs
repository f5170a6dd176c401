using FixupNet.Architectures;
using FixupNet.Execution;
using FixupNet.Initialization;
using FixupNet.Methods;
using FixupNet.Optimization;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace FixupNet.Engine.Tests;

/// <summary>Networks whose every parameter counts, images, and the reference: libtorch's own backward pass.</summary>
internal static class Some
{
    public const int ClassCount = 10;

    public static ResNetCifarOptions Cifar(int depth, int width = 16, string variant = "fixup") => new(MethodZoo.All[variant].Method, depth, width);

    public static ResNetImageNetOptions ImageNet(int depth, int width, string variant = "fixup") => new(MethodZoo.All[variant].Method, depth, width);

    /// <summary>A network with noise on every parameter, so that no gradient is 0 as Fixup's are at its start.</summary>
    public static ResidualNetwork Network(object options, ulong seed = 1)
    {
        var name = options switch { ResNetCifarOptions => "resnet-cifar", WideResNetCifarOptions => "wide-resnet-cifar", _ => "resnet-imagenet" };
        var network = ModelZoo.All[name].Create(options, ClassCount);
        using var generator = new Generator(seed, CPU);
        using var noGradients = no_grad();
        InitializationSchemes.All["fixup"].Scheme.Initialize(network.Topology, generator);
        foreach (var parameter in network.parameters())
        {
            // Small enough for the values of a deep network to stay moderate.
            var inputs = parameter.numel() / parameter.shape[0];
            parameter.add_(randn(parameter.shape, generator: generator) * (0.2 / Math.Sqrt(inputs * network.Topology.BranchCount)));
        }
        return network;
    }

    public static Tensor Images(int count, int side, ulong seed = 2)
    {
        using var generator = new Generator(seed, CPU);
        return randn([count, 3, side, side], generator: generator);
    }

    public static Tensor Labels(int count, int step = 7) => tensor([.. Enumerable.Range(0, count).Select(i => (long)(step * i % ClassCount))]);

    public static Tensor Loss(Tensor logits, Tensor labels, Tensor? partners, double lambda) => partners is null
        ? F.cross_entropy(logits, labels)
        : F.cross_entropy(logits, labels) * lambda + F.cross_entropy(logits, partners) * (1 - lambda);

    /// <summary>Loss and every parameter's gradient, by name, in float64.</summary>
    public static (double Loss, Dictionary<string, double[]> Gradients) Reference(
        ResidualNetwork network, object options, Tensor images, Tensor labels, Tensor? partners = null, double lambda = 1)
    {
        using var scope = NewDisposeScope();
        using var exact = Network(options);
        using (no_grad())
            foreach (var (ours, theirs) in exact.parameters().Zip(network.parameters())) ours.copy_(theirs);
        exact.to(ScalarType.Float64);
        var loss = Loss(exact.call(images.to(ScalarType.Float64)), labels, partners, lambda);
        loss.backward();
        return (loss.ToDouble(), exact.named_parameters().ToDictionary(item => item.name, item => Values(item.parameter.grad!)));
    }

    /// <summary>The gradients as they are, by name.</summary>
    public static Dictionary<string, double[]> Gradients(ResidualNetwork network, FlatGradients gradients) =>
        network.named_parameters().ToDictionary(item => item.name, item => Values(gradients.Of(item.parameter)));

    public static double[] Values(Tensor tensor) => tensor.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();

    public static double Norm(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));

    /// <summary>‖actual − expected‖ / ‖expected‖.</summary>
    public static double Error(double[] actual, double[] expected) => Norm(actual.Zip(expected, (a, e) => a - e)) / Norm(expected);
}
