using FixupNet.Architectures;
using FixupNet.Initialization;
using FixupNet.Methods;

namespace FixupNet.Tests.Architectures;

public class ModelZooTests
{
    [TestCase("fixup", "fixup")]
    [TestCase("batchnorm", "batchnorm")]
    [TestCase("plain", "he-fan-out")]
    public void DefaultInitialization_FollowsTheVariant(string variant, string expected)
    {
        var options = new ResNetCifarOptions(MethodZoo.All[variant].Method);

        Assert.That(ModelZoo.All["resnet-cifar"].DefaultInitialization(options), Is.EqualTo(expected).And.AnyOf(InitializationSchemes.All.Names.ToArray<object>()));
    }
}
