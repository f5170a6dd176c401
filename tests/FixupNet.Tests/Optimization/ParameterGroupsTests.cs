using FixupNet.Architectures;
using FixupNet.Methods;
using FixupNet.Optimization;
using FixupNet.Residual;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests.Optimization;

public class ParameterGroupsTests
{
    [Test]
    public void Split_PutsBiasesAndScalesAside_WhenByRole()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: 8));

        var groups = ParameterGroups.Split(network.named_parameters(), ScalarGroupRule.ByRole, network.Topology);

        Assert.Multiple(() =>
        {
            Assert.That(groups.Weights.Select(item => item.Name), Has.All.EndsWith(".weight"));
            Assert.That(groups.Weights, Has.Count.EqualTo(8));
            Assert.That(groups.Scalars, Has.Count.EqualTo(17 + 1)); // the classifier's bias is among them
        });
    }

    [Test]
    public void Split_PutsNormShiftsButNotGainsAside_WhenByRole()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(MethodZoo.All["batchnorm"].Method, Depth: 8));

        var groups = ParameterGroups.Split(network.named_parameters(), ScalarGroupRule.ByRole, network.Topology);

        Assert.Multiple(() =>
        {
            Assert.That(groups.Scalars.Select(item => item.Name), Does.Contain("layer1.0.bn1.bias"));
            Assert.That(groups.Weights.Select(item => item.Name), Does.Contain("layer1.0.bn1.weight"));
        });
    }

    [Test]
    public void Split_PutsSingleElementsAside_WhenBySingleElement()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: 8));

        var groups = ParameterGroups.Split(network.named_parameters(), ScalarGroupRule.SingleElement);

        Assert.Multiple(() =>
        {
            Assert.That(groups.Scalars, Has.Count.EqualTo(17));
            Assert.That(groups.Weights.Select(item => item.Name), Does.Contain("fc.bias"));
        });
    }

    [Test]
    public void Split_LeavesBiasesOfConvolutionsAtTheFullRate_WhenByRole()
    {
        var (weight, bias, last) = (Weight(2, 2), Weight(2), Weight(2));
        var topology = new ResidualTopology([], [new("a", [new("a.conv", weight, bias)])], new("fc", Weight(2, 2), last));

        var groups = ParameterGroups.Split([("a.conv.weight", weight), ("a.conv.bias", bias), ("fc.bias", last)], ScalarGroupRule.ByRole, topology);

        Assert.That(groups.Scalars.Select(item => item.Name), Is.EqualTo(new[] { "fc.bias" }));
    }

    [Test]
    public void Split_NamesAParameterThatTheTopologyLacks_WhenByRole()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: 8));

        Assert.That(
            () => ParameterGroups.Split([("layer9.weight", Weight(2))], ScalarGroupRule.ByRole, network.Topology),
            Throws.ArgumentException.With.Message.Contains("\"layer9.weight\" has no place"));
    }

    [Test]
    public void ByRate_KeepsTheTwoPublishedGroups_ByDefault()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: 8));

        var groups = ParameterGroups.ByRate(network.named_parameters(), new SgdOptions().ScalarRates, network.Topology);

        Assert.That(groups.Select(group => (group.LearningRateFactor, group.Parameters.Count)), Is.EqualTo(new[] { (1.0, 8), (0.1, 18) }));
    }

    [Test]
    public void ByRate_GivesBiasesAndMultipliersFactorsOfTheirOwn()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: 8));
        var options = new SgdOptions(ScalarBiasLearningRateFactor: 0.01, MultiplierLearningRateFactor: 1);

        var groups = ParameterGroups.ByRate(network.named_parameters(), options.ScalarRates, network.Topology);

        string[] At(double factor) => [.. groups.Where(group => group.LearningRateFactor == factor).SelectMany(group => group.Parameters).Select(item => item.Name)];
        Assert.Multiple(() =>
        {
            Assert.That(At(1), Has.Length.EqualTo(8 + 3).And.Contains("conv1.weight").And.Contains("layer3.0.scale"));
            Assert.That(At(0.01), Has.Length.EqualTo(14).And.Contains("bias1").And.Contains("layer3.0.bias2b"));
            Assert.That(At(0.1), Is.EqualTo(new[] { "fc.bias" }));
            Assert.That(groups.SelectMany(group => group.Parameters).Select(item => item.Name), Is.EquivalentTo(network.named_parameters().Select(item => item.name)));
        });
    }

    // Depth 56 has L = 27 branches: with D₀ = 3, 0.1·(3/27)^p.
    [TestCase(8, 1.0, 0.1)]
    [TestCase(56, 1.0, 0.1 / 9)]
    [TestCase(56, 0.5, 0.1 / 3)]
    [TestCase(56, 0.0, 0.1)]
    public void ByRate_LowersScalarsWithDepth_WhenTheRuleSaysSo(int depth, double exponent, double expected)
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: depth, Width: 1));
        var options = new SgdOptions(ScalarLearningRateRule: ScalarRateRule.Depth, ScalarDepthThreshold: 3, ScalarDepthExponent: exponent);

        var groups = ParameterGroups.ByRate(network.named_parameters(), options.ScalarRates, network.Topology);

        Assert.Multiple(() =>
        {
            Assert.That(groups[0].LearningRateFactor, Is.EqualTo(1));
            Assert.That(groups[1].LearningRateFactor, Is.EqualTo(expected).Within(1e-15)); // double rounding
        });
    }

    [Test]
    public void ByRate_AsksForTheTopology_WhenRolesOrDepthMatter([Values] bool byRole)
    {
        var options = byRole ? new SgdOptions(ScalarBiasLearningRateFactor: 0.01) : new SgdOptions(ScalarLearningRateRule: ScalarRateRule.Depth);

        Assert.That(
            () => ParameterGroups.ByRate([("bias", Weight(1))], options.ScalarRates), Throws.ArgumentException.With.Message.Contains("need the network's topology"));
    }

    private static Parameter Weight(params long[] shape) => new(zeros(shape));
}
