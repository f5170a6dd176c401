using FixupNet.Initialization;
using FixupNet.Models;
using FixupNet.Models.Architectures;

namespace FixupNet.Tests.Models;

public class ModelZooTests
{
    [TestCase(ResidualVariant.Fixup, "fixup")]
    [TestCase(ResidualVariant.BatchNorm, "batchnorm")]
    [TestCase(ResidualVariant.Plain, "he-fan-out")]
    public void DefaultInitialization_FollowsTheVariant(ResidualVariant variant, string expected)
    {
        var options = new ResNetCifarOptions(variant);

        Assert.That(ModelZoo.All["resnet-cifar"].DefaultInitialization(options), Is.EqualTo(expected).And.AnyOf(InitializationSchemes.All.Names.ToArray<object>()));
    }
}
