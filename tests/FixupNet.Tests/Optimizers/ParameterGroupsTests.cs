using FixupNet.Models;
using FixupNet.Models.Architectures;
using FixupNet.Optimizers;

namespace FixupNet.Tests.Optimizers;

public class ParameterGroupsTests
{
    [Test]
    public void Split_PutsBiasesAndScalesAside_WhenByName()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: 8));

        var groups = ParameterGroups.Split(network.named_parameters(), ScalarGroupRule.ByName);

        Assert.Multiple(() =>
        {
            Assert.That(groups.Weights.Select(item => item.Name), Has.All.EndsWith(".weight"));
            Assert.That(groups.Weights, Has.Count.EqualTo(8));
            Assert.That(groups.Scalars, Has.Count.EqualTo(17 + 1)); // the classifier's bias is among them
        });
    }

    [Test]
    public void Split_PutsNormShiftsButNotGainsAside_WhenByName()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(ResidualVariant.BatchNorm, Depth: 8));

        var groups = ParameterGroups.Split(network.named_parameters(), ScalarGroupRule.ByName);

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
}
