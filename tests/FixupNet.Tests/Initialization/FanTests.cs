using FixupNet.Initialization;

namespace FixupNet.Tests.Initialization;

public class FanTests
{
    [Test]
    public void Of_CountsKernelElements_WhenWeightIsAConvolution() => Assert.That(Fan.Of(64, 32, 3, 3), Is.EqualTo(new Fan(288, 576)));

    [Test]
    public void Of_IsInAndOut_WhenWeightIsLinear() => Assert.That(Fan.Of(10, 64), Is.EqualTo(new Fan(64, 10)));

    [TestCase(5L)]
    [TestCase(5L, 0L)]
    public void Of_Throws_WhenShapeIsNoWeight(params long[] shape) => Assert.That(() => Fan.Of(shape), Throws.TypeOf<ShapeMismatchException>());
}
