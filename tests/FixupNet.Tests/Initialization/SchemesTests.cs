using FixupNet.Architectures;
using FixupNet.Initialization;
using FixupNet.Initialization.Schemes;
using FixupNet.Methods;
using FixupNet.Residual;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests.Initialization;

public class SchemesTests
{
    // Spec table, 16/32/64 channels: sqrt(2/(channels·9))·L^(-1/2).
    [TestCase(8, .068041, .048113, .034021)]
    [TestCase(20, .039284, .027778, .019642)]
    [TestCase(56, .022680, .016038, .011340)]
    [TestCase(110, .016038, .011340, .008019)]
    public void Fixup_ScalesTheFirstConvolutionByDepth(int depth, params double[] expected)
    {
        using var network = Network(depth, "fixup");

        for (var stage = 1; stage <= 3; stage++)
        {
            var blocks = network.Topology.Branches.Where(branch => branch.Name.StartsWith($"layer{stage}.", StringComparison.Ordinal));
            var values = blocks.SelectMany(branch => branch.Layers[0].Weight.data<float>().ToArray()).ToArray();
            // Five standard errors of a standard deviation, σ/sqrt(2n).
            Assert.That(StandardDeviation(values), Is.EqualTo(expected[stage - 1]).Within(5 * expected[stage - 1] / Math.Sqrt(2 * values.Length)));
        }
    }

    [Test]
    public void Fixup_ZeroesBranchEndsAndClassifier()
    {
        using var network = Network(20, "fixup");

        var topology = network.Topology;

        Assert.Multiple(() =>
        {
            Assert.That(topology.Branches.Select(branch => Largest(branch.Layers[1].Weight)), Has.All.Zero);
            Assert.That(Largest(topology.Classifier.Weight), Is.Zero);
            Assert.That(Largest(topology.Classifier.Bias!), Is.Zero);
            Assert.That(topology.Branches.Select(branch => branch.Multiplier!.item<float>()), Has.All.EqualTo(1f));
            Assert.That(topology.Branches.SelectMany(branch => branch.Biases).Select(Largest), Has.All.Zero);
            Assert.That(topology.Scalars.Select(Largest), Has.All.Zero);
        });
    }

    [Test]
    public void Fixup_KeepsTheFrameworksDefaultInTheStem()
    {
        using var network = Network(8, "fixup");

        var stem = network.Topology.Stem[0].Weight.data<float>().ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(stem.Max(Math.Abs), Is.LessThanOrEqualTo(1 / Math.Sqrt(27)).And.GreaterThan(0.18));
            Assert.That(StandardDeviation(stem), Is.EqualTo(1 / Math.Sqrt(3 * 27)).Within(0.012)); // five standard errors, n = 432
        });
    }

    [Test]
    public void Fixup_DoesNotScaleShortcuts()
    {
        using var network = new WideResNetCifar(new WideResNetCifarOptions(Depth: 40));
        FixupScheme.Apply(network.Topology, seed: 5);

        var shortcut = network.Topology.Branches.Last(branch => branch.Shortcut is not null).Shortcut!.Weight.data<float>().ToArray();

        Assert.That(StandardDeviation(shortcut), Is.EqualTo(Math.Sqrt(2.0 / 64)).Within(0.014)); // five standard errors, n = 2048
    }

    [TestCase("he-fan-out", 2.0 / (64 * 9))]
    [TestCase("he-fan-in", 2.0 / (32 * 9))]
    [TestCase("xavier", 2.0 / (96 * 9))]
    public void UniformRules_HaveTheirVariance(string scheme, double variance)
    {
        using var network = Network(20, scheme);

        var branch = network.Topology.Branches.Single(candidate => candidate.Name == "layer3.0");
        var values = branch.Layers[0].Weight.data<float>().ToArray(); // [64,32,3,3], n = 18,432

        Assert.Multiple(() =>
        {
            Assert.That(StandardDeviation(values), Is.EqualTo(Math.Sqrt(variance)).Within(2.7).Percent); // five standard errors
            Assert.That(Largest(network.Topology.Classifier.Weight), Is.InRange(0.11f, 0.125f)); // uniform ±1/sqrt(64)
            Assert.That(Largest(network.Topology.Classifier.Bias!), Is.InRange(0.01f, 0.125f));
        });
    }

    [Test]
    public void ZeroLastLayer_ZeroesEndsAndScalesNothing()
    {
        using var network = Network(110, "zero-last-layer");

        var branch = network.Topology.Branches[^1];

        Assert.Multiple(() =>
        {
            Assert.That(Largest(branch.Layers[1].Weight), Is.Zero);
            Assert.That(Largest(network.Topology.Classifier.Weight), Is.Zero);
            Assert.That(StandardDeviation(branch.Layers[0].Weight.data<float>().ToArray()), Is.EqualTo(Math.Sqrt(2.0 / 576)).Within(2).Percent);
        });
    }

    [Test]
    public void BranchScale_ScalesEveryLayerOfABranch()
    {
        using var network = Network(110, "branch-scale");

        var branch = network.Topology.Branches[^1];

        Assert.That(
            branch.Layers.Select(layer => StandardDeviation(layer.Weight.data<float>().ToArray())),
            Has.All.EqualTo(Math.Sqrt(2.0 / 576 / 54)).Within(2).Percent);
    }

    [Test]
    public void BatchNorm_ZeroesTheLastGainOfEachBranch()
    {
        using var network = Network(20, "batchnorm", "batchnorm");

        var branch = network.Topology.Branches.Single(candidate => candidate.Name == "layer2.0");

        Assert.Multiple(() =>
        {
            Assert.That(branch.Norms.Select(norm => Largest(norm.Weight)), Is.EqualTo(new[] { 1f, 0f }));
            Assert.That(Largest(branch.ShortcutNorm!.Weight), Is.EqualTo(1f));
            Assert.That(Largest(network.Topology.Norms[0].Weight), Is.EqualTo(1f));
            Assert.That(Largest(network.Topology.Norms[0].Bias), Is.Zero);
        });
    }

    // A network of one's own, with biases in every layer: three layers a branch, so L^(-1/4).
    [Test]
    public void Fixup_WorksOnANetworkDescribedByHand()
    {
        var layers = Enumerable.Range(0, 48).Select(_ => new WeightLayer("layer", Filled(64, 64), Filled(64))).ToArray();
        var topology = new ResidualTopology([], [.. layers.Chunk(3).Select(three => new ResidualBranch("b", three))], new("head", Filled(10, 64), Filled(10)));

        FixupScheme.Apply(topology, seed: 1);

        Assert.Multiple(() =>
        {
            Assert.That(StandardDeviation(layers[0].Weight.data<float>().ToArray()), Is.EqualTo(Math.Sqrt(2.0 / 64) * 0.5).Within(6).Percent);
            Assert.That(StandardDeviation(layers[1].Weight.data<float>().ToArray()), Is.EqualTo(Math.Sqrt(2.0 / 64) * 0.5).Within(6).Percent);
            Assert.That(layers.Where((_, i) => i % 3 == 2).Select(layer => Largest(layer.Weight)), Has.All.Zero);
            Assert.That(layers.Select(layer => Largest(layer.Bias!)), Has.All.Zero);
        });
    }

    // A parameter elsewhere is drawn on the generator's device: what follows it gets the same numbers as if all were in one place.
    [Test]
    public void Initialize_DrawsTheSameNumbers_WhenAParameterIsOnAnotherDevice()
    {
        var (here, elsewhere) = (Filled(8, 8), new Parameter(ones([8, 8], device: META)));
        var (afterHere, afterElsewhere) = (Filled(8, 8), Filled(8, 8));
        using var generator = new Generator(1, CPU);
        using var sameSeed = new Generator(1, CPU);

        new HeFanOutScheme().Initialize(new ResidualTopology([new("stem", here)], [], new("head", afterHere)), generator);
        new HeFanOutScheme().Initialize(new ResidualTopology([new("stem", elsewhere)], [], new("head", afterElsewhere)), sameSeed);

        Assert.That(afterElsewhere.data<float>().ToArray(), Is.EqualTo(afterHere.data<float>().ToArray()));
    }

    [Test]
    public void Fixup_ZeroesABranchOfOneLayer()
    {
        var topology = new ResidualTopology([], [new("b", [new("only", Filled(4, 4))])], new("head", Filled(2, 4)));

        FixupScheme.Apply(topology, seed: 1);

        Assert.That(Largest(topology.Branches[0].Layers[0].Weight), Is.Zero);
    }

    [Test]
    public void BranchScale_Throws_WhenABranchHasOneLayer()
    {
        var topology = new ResidualTopology([], [new("b", [new("only", Filled(4, 4))])], new("head", Filled(2, 4)));
        using var generator = new Generator(1, CPU);

        Assert.That(() => new BranchScaleScheme().Initialize(topology, generator), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static Parameter Filled(params long[] shape) => new(ones(shape));

    private static ResNetCifar Network(int depth, string scheme, string variant = "fixup")
    {
        var network = new ResNetCifar(new ResNetCifarOptions(MethodZoo.All[variant].Method, depth));
        Cases.Initialize(network, scheme, seed: 11);
        return network;
    }

    private static float Largest(Tensor values) => values.data<float>().ToArray().Max(Math.Abs);

    private static double StandardDeviation(float[] values) => Math.Sqrt(values.Average(value => (double)value * value)); // the mean is 0
}
