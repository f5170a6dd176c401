using FixupNet.Optimization;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests.Residual;

/// <summary>A module of a user's own, described by its layers.</summary>
public class TopologyDescriptionTests
{
    private sealed class Block : nn.Module<Tensor, Tensor>
    {
        public readonly Conv2d conv1 = nn.Conv2d(4, 4, 3, padding: 1, bias: false), conv2 = nn.Conv2d(4, 4, 3, padding: 1, bias: false);
        public readonly BatchNorm2d bn = nn.BatchNorm2d(4);
        public readonly Parameter bias1 = new(zeros(1)), scale = new(ones(1));

        public Block() : base(nameof(Block)) => RegisterComponents();

        public override Tensor forward(Tensor x) => x + bn.call(conv2.call(conv1.call(x + bias1).relu())) * scale;
    }

    private sealed class Network : nn.Module<Tensor, Tensor>
    {
        public readonly Conv2d stem = nn.Conv2d(3, 4, 3, padding: 1, bias: false);
        public readonly ModuleList<Block> blocks = new([new Block(), new Block()]);
        public readonly Linear head = nn.Linear(4, 2);

        public Network() : base(nameof(Network)) => RegisterComponents();

        public override Tensor forward(Tensor x) => head.call(blocks.Aggregate(stem.call(x), (signal, block) => block.call(signal)).mean([2, 3]));
    }

    private Network _net = null!;

    [SetUp]
    public void CreateNetwork() => _net = new Network();

    [TearDown]
    public void DisposeNetwork() => _net.Dispose();

    private static void All(BranchDescription branch, Block block) =>
        branch.Layers(block.conv1, block.conv2).Norms(block.bn).Biases(block.bias1).Multiplier(block.scale);

    private static string Refusal(Network net, Action<TopologyDescription> describe) =>
        Assert.Throws<ArgumentException>(() => ResidualTopology.Describe(net, describe))!.Message;

    [Test]
    public void Describe_LooksNamesUp()
    {
        var topology = ResidualTopology.Describe(_net, d => d.Stem(_net.stem).Branches(_net.blocks, All).Head(_net.head));

        Assert.Multiple(() =>
        {
            Assert.That(topology.WeightLayers.Select(layer => layer.Name),
                Is.EqualTo(new[] { "stem", "blocks.0.conv1", "blocks.0.conv2", "blocks.1.conv1", "blocks.1.conv2", "head" }));
            Assert.That(topology.Branches.Select(branch => branch.Name), Is.EqualTo(new[] { "blocks.0", "blocks.1" }));
            Assert.That(topology.NormLayers.Select(norm => norm.Name), Is.EqualTo(new[] { "blocks.0.bn", "blocks.1.bn" }));
            Assert.That(_net.named_parameters().Select(item => topology.RoleOf(item.parameter)), Has.No.Null);
            Assert.That(topology.RoleOf(_net.blocks[1].scale), Is.EqualTo(ParameterRole.Multiplier));
        });
    }

    [Test]
    public void Describe_RefusesParametersThatAreLeftOut_ByName()
    {
        var message = Refusal(_net, d => d.Stem(_net.stem).Branches(_net.blocks, (branch, block) => branch.Layers(block.conv1, block.conv2).Norms(block.bn).Multiplier(block.scale)).Head(_net.head));

        Assert.That(message, Does.StartWith("2 of the network's parameters have no place in the description").And.EndWith("blocks.0.bias1, blocks.1.bias1."));
    }

    [Test]
    public void Describe_RefusesTwoPlaces_ByName() => Assert.That(
        Refusal(_net, d => d.Stem(_net.stem, _net.blocks[0].conv1).Branches(_net.blocks, All).Head(_net.head)),
        Does.StartWith("The parameter \"blocks.0.conv1.weight\" has two places"));

    [Test]
    public void Describe_RefusesANetworkWithoutAClassifier() =>
        Assert.That(Refusal(_net, d => d.Stem(_net.stem).Branches(_net.blocks, All)), Does.StartWith("No classifier is described"));

    [Test]
    public void Describe_RefusesTwoClassifiers() => Assert.That(
        Refusal(_net, d => d.Head(_net.head).Head(_net.stem)), Does.StartWith("\"stem\" cannot be the classifier, which is \"head\""));

    [Test]
    public void Describe_RefusesWhatIsNoPartOfTheNetwork()
    {
        using var stranger = nn.Linear(2, 2);

        Assert.That(Refusal(_net, d => d.Stem(stranger)), Does.StartWith("Linear is no part of the network"));
    }

    [Test]
    public void Describe_RefusesWhatIsNoLayer() => Assert.Multiple(() =>
    {
        Assert.That(Refusal(_net, d => d.Stem(_net.blocks[0])), Does.StartWith("\"blocks.0\", a Block, is no weight layer"));
        Assert.That(Refusal(_net, d => d.Norms(_net.stem)), Does.StartWith("\"stem\", a Conv2d, is no normalization layer"));
    });

    // The weight is one parameter: it is described at one of its places, and nothing is left out.
    [Test]
    public void Describe_TakesATiedWeightOnce()
    {
        using var net = new Tied();

        var topology = ResidualTopology.Describe(net, d => d.Stem(net.embed).Branch(net.body, branch => branch.Layers(net.body)).Head(net.head));

        Assert.Multiple(() =>
        {
            Assert.That(topology.Parameters, Has.Count.EqualTo(3));
            Assert.That(() => ResidualTopology.Describe(net, d => d.Stem(net.embed, net.unembed).Branch(net.body, branch => branch.Layers(net.body)).Head(net.head)),
                Throws.ArgumentException.With.Message.Contains("describe a tied weight where it is used first"));
        });
    }

    private sealed class Shared : nn.Module
    {
        public readonly Parameter weight;

        public Shared(Parameter shared) : base(nameof(Shared))
        {
            weight = shared;
            RegisterComponents();
        }
    }

    private sealed class Tied : nn.Module
    {
        public readonly Shared embed, unembed;
        public readonly Linear body = nn.Linear(2, 2, hasBias: false), head = nn.Linear(2, 2, hasBias: false);

        public Tied() : base(nameof(Tied))
        {
            var weight = new Parameter(zeros(2, 2));
            (embed, unembed) = (new(weight), new(weight));
            RegisterComponents();
        }
    }

    [Test]
    public void ParameterGroups_KeepScalarsApart()
    {
        var topology = ResidualTopology.Describe(_net, d => d.Stem(_net.stem).Branches(_net.blocks, All).Head(_net.head));

        var groups = topology.ParameterGroups(_net.named_parameters());

        Assert.Multiple(() =>
        {
            Assert.That(groups.Select(group => group.LearningRateFactor), Is.EqualTo(new[] { 1, 0.1 }));
            // Two biases, two multipliers, two shifts and the classifier's bias.
            Assert.That(groups.Select(group => group.Values.Count()), Is.EqualTo(new[] { 8, 7 }));
        });
    }

#if !LIBTORCH_PROVIDER
    // SGD without momentum: w ← w − ηg, with the groups' own η.
    [Test]
    public void ParameterGroups_AreThoseOfTorchSharpsOptimizers()
    {
        var topology = ResidualTopology.Describe(_net, d => d.Stem(_net.stem).Branches(_net.blocks, All).Head(_net.head));
        var groups = topology.ParameterGroups(_net.named_parameters());
        using var sgd = optim.SGD(groups.Select(group => new SGD.ParamGroup(group.Values, lr: 0.5 * group.LearningRateFactor)), 0.5);
        using var adam = optim.AdamW(groups.Select(group => new AdamW.ParamGroup(group.Values, lr: 1e-3 * group.LearningRateFactor)));
        var (weight, scale) = (_net.stem.weight!.mean().ToDouble(), _net.blocks[0].scale.ToDouble());
        foreach (var parameter in _net.parameters()) parameter.grad = ones_like(parameter);

        sgd.step();

        Assert.Multiple(() =>
        {
            Assert.That(weight - _net.stem.weight!.mean().ToDouble(), Is.EqualTo(0.5).Within(1e-5)); // float32
            Assert.That(scale - _net.blocks[0].scale.ToDouble(), Is.EqualTo(0.05).Within(1e-6));
        });
    }
#endif
}
