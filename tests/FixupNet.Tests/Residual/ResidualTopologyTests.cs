using FixupNet.Residual;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests.Residual;

public class ResidualTopologyTests
{
    [Test]
    public void WeightLayers_AreInForwardOrder()
    {
        var topology = new ResidualTopology(
            [Layer("stem")],
            [new("a", [Layer("a1"), Layer("a2")], Shortcut: Layer("as")), new("b", [Layer("b1")])],
            Layer("classifier"));

        Assert.Multiple(() =>
        {
            Assert.That(topology.WeightLayers.Select(layer => layer.Name), Is.EqualTo(new[] { "stem", "a1", "a2", "as", "b1", "classifier" }));
            Assert.That(topology.BranchCount, Is.EqualTo(2));
        });
    }

    [Test]
    public void Parameters_HoldEveryPart()
    {
        Parameter[] scalars = [Weight(), Weight(), Weight()];
        NormLayer[] norms = [new("n", Weight(), Weight()), new("n", Weight(), Weight()), new("n", Weight(), Weight())];
        var classifier = new WeightLayer("classifier", Weight(), Weight());

        var topology = new ResidualTopology(
            [],
            [new("a", [Layer("a1")], Multiplier: scalars[1], Biases: [scalars[2]], Norms: [norms[1]], ShortcutNorm: norms[2])],
            classifier,
            [scalars[0]],
            [norms[0]]);

        Assert.Multiple(() =>
        {
            Assert.That(topology.Parameters, Has.Count.EqualTo(1 + 2 + 3 + 6));
            foreach (var parameter in scalars.Concat(norms.SelectMany(norm => new[] { norm.Weight, norm.Bias })).Append(classifier.Bias!))
                Assert.That(topology.Parameters.Count(other => ReferenceEquals(other, parameter)), Is.EqualTo(1));
        });
    }

    [Test]
    public void Constructor_Throws_WhenAParameterHasTwoPlaces()
    {
        var shared = Layer("shared");

        Assert.That(() => new ResidualTopology([shared], [], shared), Throws.ArgumentException.With.Message.Contains("more than one place"));
    }

    [Test]
    public void Constructor_Throws_WhenABranchIsEmpty() =>
        Assert.That(() => new ResidualTopology([], [new("layer1.0", [])], Layer("classifier")), Throws.ArgumentException.With.Message.Contains("layer1.0"));

    [Test]
    public void RoleOf_SaysWhatEachParameterDoes()
    {
        var topology = new ResidualTopology(
            [new("stem", Weight(), Weight())],
            [new("a", [Layer("a1")], Multiplier: Weight(), Biases: [Weight()], Norms: [new("n", Weight(), Weight(), NormScope.Layer)])],
            new("classifier", Weight(), Weight()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(topology.Parameters.Select(topology.RoleOf), Is.EquivalentTo(new ParameterRole?[]
            {
                ParameterRole.Weight, ParameterRole.Bias, ParameterRole.Weight, ParameterRole.Weight, ParameterRole.ClassifierBias,
                ParameterRole.ScalarBias, ParameterRole.Multiplier, ParameterRole.Gain, ParameterRole.Shift,
            }));
            Assert.That(topology.RoleOf(Weight()), Is.Null);
            Assert.That(topology.UsesBatchStatistics, Is.False);
        }
    }

    private static WeightLayer Layer(string name) => new(name, Weight());

    private static Parameter Weight() => new(zeros([2, 2]));
}
