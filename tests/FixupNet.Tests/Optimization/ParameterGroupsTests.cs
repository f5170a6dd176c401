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

    private static Parameter Weight(params long[] shape) => new(zeros(shape));
}
