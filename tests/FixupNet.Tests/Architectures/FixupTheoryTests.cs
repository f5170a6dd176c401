using FixupNet.Architectures;
using FixupNet.Diagnostics;
using FixupNet.Execution;
using FixupNet.Initialization;
using FixupNet.Initialization.Schemes;
using FixupNet.Methods;
using FixupNet.Optimization;
using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Architectures;

/// <summary>What theory says about these networks, as exactly as it says it.</summary>
public class FixupTheoryTests
{
    // Which gradients are non-zero after 0, 1 and 2 updates from the Fixup start: spec of the method, confirmed by its author.
    [Test]
    public void Gradients_WakeUpInThreePasses()
    {
        using var scope = NewDisposeScope();
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: 14, Width: 4), Cases.ClassCount);
        Cases.Initialize(network, "fixup", seed: 2);
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions(LearningRate: 0.1, Momentum: 0.0, WeightDecay: 0.0));

        var first = AwakeAfterPass(network, optimizer);
        var second = AwakeAfterPass(network, optimizer);
        var third = AwakeAfterPass(network, optimizer);

        string[] classifier = ["fc.weight", "fc.bias"];
        var all = network.named_parameters().Select(item => item.name).ToArray();
        var secondPass = all.Where(name =>
            classifier.Contains(name) || name is "conv1.weight" or "bias1" or "bias2" or "layer2.0.bias1a" or "layer3.0.bias1a"
            || name.EndsWith(".conv2.weight", StringComparison.Ordinal) || name.EndsWith(".bias2b", StringComparison.Ordinal));
        Assert.Multiple(() =>
        {
            Assert.That(first, Is.EquivalentTo(classifier));
            Assert.That(second, Is.EquivalentTo(secondPass));
            Assert.That(third, Is.EquivalentTo(all));
        });
    }

    // Euler's theorem: where the logits are positively homogeneous in x, <dl/dx, x> = l − H(p), exactly. Here x is every block's output
    // in turn, the images, and the stem's weight. The classifier's bias must be 0: it is the one part that is not homogeneous.
    [Test]
    public void PlainBlocks_ObeyTheGradientIdentity()
    {
        using var scope = NewDisposeScope();
        var shapes = new[] { (3, 4, 1), (4, 4, 1), (4, 8, 2), (8, 8, 1), (8, 8, 1) };
        var method = new PlainMethod();
        ResidualBranch[] chain = [.. shapes.Select((shape, i) => method.Branch(new BareBranch(
            $"{i}", [new("conv1", shape.Item1, shape.Item2, 3, shape.Item3), new("conv2", shape.Item2, shape.Item2, 3)], Projects: false, i, shapes.Length, i, 0)))];
        using var network = new Chain(ResidualTopology.Of(
            [.. method.Stem(new BareLayer("stem", 3, 3, 3))], chain, [.. method.Head("fc", 8, Cases.ClassCount)], method.ScalarRoles));
        network.to(ScalarType.Float64);
        using var generator = new Generator(3, CPU);
        new HeFanOutScheme().Initialize(network.Topology, generator);
        using (no_grad()) network.Topology.Classifier.Bias!.fill_(0.0);

        var outputs = new List<Tensor> { Cases.Images(1, dtype: ScalarType.Float64).requires_grad_() };
        foreach (var block in network.Stages.Skip(1).SkipLast(1)) outputs.Add(block.Forward(outputs[^1]));
        var (loss, excess) = LossAndExcess(network.Stages[^1].Forward(outputs[^1]));
        var gradients = autograd.grad([loss], outputs);

        var products = outputs.Zip(gradients, (output, gradient) => (output * gradient).sum().ToDouble());
        Assert.That(products, Has.All.EqualTo(excess).Within(1e-12)); // double rounding
    }

    [Test]
    public void PlainNetwork_ObeysTheGradientIdentityInImagesAndStem()
    {
        using var scope = NewDisposeScope();
        using var network = new ResNetCifar(new ResNetCifarOptions(MethodZoo.All["plain"].Method, Depth: 14, Width: 4), Cases.ClassCount).to(ScalarType.Float64);
        Cases.Initialize(network, "he-fan-out", seed: 3);
        var topology = network.Topology;
        using (no_grad()) topology.Classifier.Bias!.fill_(0.0);
        Tensor[] inputs = [Cases.Images(1, dtype: ScalarType.Float64).requires_grad_(), topology.Stem[0].Weight, topology.Classifier.Weight];

        var (loss, excess) = LossAndExcess(network.call(inputs[0]));
        var gradients = autograd.grad([loss], inputs);

        var products = inputs.Zip(gradients, (input, gradient) => (input * gradient).sum().ToDouble());
        Assert.That(products, Has.All.EqualTo(excess).Within(1e-11 * (1 + Math.Abs(excess)))); // double rounding
    }

    // The lower bound on the gradient that follows from it, ‖dl/dx‖ ≥ (l − H(p))/‖x‖, grows without bound with depth: a plain network explodes.
    [Test]
    public void SecondMoment_GrowsExponentiallyOnlyWithoutFixup()
    {
        using var scope = NewDisposeScope();
        using var plain = Initialized("plain", "he-fan-out");
        using var fixup = Initialized("fixup", "fixup");

        var (plainMoments, fixupMoments) = (ActivationMoments.Measure(plain, Cases.Images(4)), ActivationMoments.Measure(fixup, Cases.Images(4)));

        Assert.Multiple(() =>
        {
            // 15 blocks of the first stage at a growth of 2.2 to 2.4 each, as simulated; wide margins for one seed and eight channels.
            Assert.That(plainMoments[15].SecondMoment / plainMoments[0].SecondMoment, Is.InRange(Math.Pow(1.7, 15), Math.Pow(2.9, 15)));
            Assert.That(fixupMoments[15].SecondMoment / fixupMoments[0].SecondMoment, Is.EqualTo(1.0).Within(1e-6));
        });
    }

    private static ResNetCifar Initialized(string variant, string scheme)
    {
        var network = new ResNetCifar(new ResNetCifarOptions(MethodZoo.All[variant].Method, Depth: 92, Width: 8), Cases.ClassCount);
        Cases.Initialize(network, scheme, seed: 4);
        return network;
    }

    private sealed class Chain(ResidualTopology topology) : GraphNetwork(nameof(Chain), topology, ImageShape.Cifar);

    // Cross-entropy l against class 2, and l − H(p).
    private static (Tensor Loss, double Excess) LossAndExcess(Tensor logits)
    {
        var logProbabilities = logits.log_softmax(1);
        var loss = -logProbabilities.select(1, 2).sum();
        var entropy = -(logProbabilities.exp() * logProbabilities).sum().ToDouble();
        return (loss, loss.ToDouble() - entropy);
    }

    private static string[] AwakeAfterPass(ResNetCifar network, Sgd optimizer)
    {
        optimizer.ZeroGradients();
        nn.functional.cross_entropy(network.call(Cases.Images(6)), Cases.Labels(6)).backward();
        var awake = network.named_parameters().Where(item => optimizer.Gradients.Span<float>(item.parameter).IndexOfAnyExcept(0f) >= 0);
        string[] names = [.. awake.Select(item => item.name)];
        optimizer.Step(1.0);
        return names;
    }
}
