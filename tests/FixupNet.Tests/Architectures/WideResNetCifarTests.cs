using FixupNet.Architectures;
using FixupNet.Methods;

namespace FixupNet.Tests.Architectures;

public class WideResNetCifarTests
{
    // By hand, n = 1, k = 1: 432 stem; 2·2304; 4608 + 9216 + 512; 18432 + 36864 + 2048; 650 classifier; 17 scalars, or norms of
    // 2·(16 + 2·16 + 3·32 + 3·64) numbers.
    [TestCase("fixup", 77_370 + 17)]
    [TestCase("plain", 77_370)]
    [TestCase("batchnorm", 77_370 + 672)]
    public void Parameters_AreAsManyAsCountedByHand(string variant, long expected)
    {
        using var network = new WideResNetCifar(new WideResNetCifarOptions(MethodZoo.All[variant].Method));

        Assert.That(network.parameters().Sum(parameter => parameter.numel()), Is.EqualTo(expected));
    }

    // WRN-16-4: a shortcut convolution in the first stage too.
    [TestCase(1, 2)]
    [TestCase(4, 3)]
    public void Shortcuts_ProjectOnlyWhereTheShapeChanges(int widenFactor, int expected)
    {
        using var network = new WideResNetCifar(new WideResNetCifarOptions(Depth: 16, WidenFactor: widenFactor));

        Assert.That(network.Topology.Branches.Count(branch => branch.Shortcut is not null), Is.EqualTo(expected));
    }

    [TestCase("fixup", "layer2.0.downsample.weight")]
    [TestCase("plain", "layer2.0.downsample.weight")]
    [TestCase("batchnorm", "layer2.0.downsample.0.weight")]
    [TestCase("batchnorm", "layer2.0.downsample.1.running_var")]
    public void StateDict_NamesShortcutsAsDocumented(string variant, string name)
    {
        using var network = new WideResNetCifar(new WideResNetCifarOptions(MethodZoo.All[variant].Method));

        Assert.That(network.state_dict().Keys, Does.Contain(name));
    }

    [TestCase(10)]
    [TestCase(100)]
    [TestCase(1_000)]
    [TestCase(10_000)]
    public void Validate_AcceptsTheDepthsOfTheFigure(int depth) => Assert.That(new WideResNetCifarOptions(Depth: depth).Validate(), Is.Empty);

    [Test]
    public void Constructor_Throws_WhenDepthIsNotOfTheForm() => Assert.That(
        () => new WideResNetCifar(new WideResNetCifarOptions(Depth: 20)), Throws.ArgumentException.With.Message.Contains("6n+4 (nearest: 16, 22)"));
}
