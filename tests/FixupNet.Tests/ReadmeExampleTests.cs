using FixupNet.Initialization.Schemes;
using FixupNet.Optimizers;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests;

/// <summary>The README's "library in ten lines", on a network that knows nothing of FixupNet.</summary>
public sealed class ReadmeExampleTests
{
    private sealed class OwnBlock : nn.Module<Tensor, Tensor>
    {
        internal readonly Linear conv1 = nn.Linear(16, 16, hasBias: false);
        internal readonly Linear conv2 = nn.Linear(16, 16, hasBias: false);
        internal readonly Parameter bias1 = new(ones(1));
        internal readonly Parameter bias2 = new(ones(1));
        internal readonly Parameter scale = new(zeros(1));

        internal OwnBlock() : base(nameof(OwnBlock)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input + conv2.call(conv1.call(input + bias1).relu() + bias2) * scale;
    }

    private sealed class OwnNetwork : nn.Module<Tensor, Tensor>
    {
        internal readonly Linear stem = nn.Linear(8, 16, hasBias: false);
        internal readonly ModuleList<OwnBlock> blocks = new([.. Enumerable.Range(0, 100).Select(_ => new OwnBlock())]);
        internal readonly Linear head = nn.Linear(16, 3);

        internal OwnNetwork() : base(nameof(OwnNetwork)) => RegisterComponents();

        public override Tensor forward(Tensor input) => head.call(blocks.Aggregate(stem.call(input), (signal, block) => block.call(signal)));
    }

    [Test]
    public void Library_InitializesAndTrainsAForeignNetworkOf200Layers()
    {
        using var scope = NewDisposeScope();
        using var net = new OwnNetwork();

        var topology = new ResidualTopology(
            stem: [new("stem", net.stem.weight)],
            branches: [.. net.blocks.Select((block, i) => new ResidualBranch($"blocks.{i}",
                [new($"blocks.{i}.conv1", block.conv1.weight), new($"blocks.{i}.conv2", block.conv2.weight)],
                Multiplier: block.scale, Biases: [block.bias1, block.bias2]))],
            classifier: new("head", net.head.weight, net.head.bias));
        FixupScheme.Apply(topology, seed: 1);
        using var sgd = new Sgd(net.named_parameters(), new SgdOptions(LearningRate: 0.1));

        var inputs = randn([64, 8], generator: new Generator(2));
        var labels = inputs.narrow(1, 0, 3).argmax(1);
        var losses = Enumerable.Range(0, 60).Select(_ => Step(net, sgd, inputs, labels)).ToArray();
        Assert.That(losses[0], Is.EqualTo(Math.Log(3)).Within(1e-6)); // the zero classifier
        Assert.That(losses[^1], Is.LessThan(0.3 * losses[0]));
    }

    private static double Step(OwnNetwork net, Sgd sgd, Tensor inputs, Tensor labels)
    {
        using var scope = NewDisposeScope();
        sgd.ZeroGradients();
        var loss = nn.functional.cross_entropy(net.call(inputs), labels);
        loss.backward();
        sgd.Step(learningRateFactor: 1);
        return loss.ToDouble();
    }
}
