using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests;

public sealed class OneDnnTests
{
    private static readonly (int, int, int, int) s_amd = (16, 0x68747541, 0x444D4163, 0x69746E65);
    private static readonly (int, int, int, int) s_intel = (16, 0x756E6547, 0x6C65746E, 0x49656E69);
    private const int BeforeTheLeaf = unchecked((int)0x8000001A);
    private const int BehindTheLeaf = unchecked((int)0x80000021);
    private const int DataCache = 0x121;

    [TestCase(true, BehindTheLeaf, 0, true)]
    [TestCase(true, BehindTheLeaf, DataCache, false)]
    [TestCase(true, BeforeTheLeaf, 0, false)]
    [TestCase(false, BehindTheLeaf, 0, false)]
    public void Caches_AreHidden_WhereAmdDescribesNone(bool isAmd, int lastLeaf, int firstCache, bool expected) =>
        Assert.That(
            OneDnn.HidesCaches((leaf, _) => (uint)leaf switch
            {
                0 => isAmd ? s_amd : s_intel,
                0x80000000 => (lastLeaf, 0, 0, 0),
                _ => (firstCache, 0, 0, 0),
            }),
            Is.EqualTo(expected));

    // Shapes and orders in memory that oneDNN 3 computed wrongly on such a processor.
    [TestCase(4, 256, 512, 1, 2, 4, true)]
    [TestCase(1, 128, 512, 1, 2, 14, true)]
    [TestCase(4, 8, 8, 3, 1, 8, false)]
    public void Convolutions_AreRight_WhereItIsNotTrusted(int count, int inChannels, int outChannels, int kernel, int stride, int side, bool channelsLast)
    {
        if (!OneDnn.IsWrongHere) Assert.Ignore("This processor describes its caches.");
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        var images = channelsLast
            ? randn([count, side, side, inChannels], generator: generator).permute(0, 3, 1, 2) : randn([count, inChannels, side, side], generator: generator);
        var weights = randn([outChannels, inChannels, kernel, kernel], generator: generator);
        var (output, gradients) = Convolve(images, weights, kernel, stride);
        var (expected, expectedGradients) = Convolve(images.to(float64), weights.to(float64), kernel, stride);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Error(output, expected), Is.LessThan(1e-4), "output");
            Assert.That(Error(gradients[0], expectedGradients[0]), Is.LessThan(1e-4), "gradient of the images");
            Assert.That(Error(gradients[1], expectedGradients[1]), Is.LessThan(1e-4), "gradient of the weights");
        }
    }

    private static (Tensor Output, IList<Tensor> Gradients) Convolve(Tensor images, Tensor weights, int kernel, int stride)
    {
        var (input, filters) = (images.detach().requires_grad_(true), weights.detach().requires_grad_(true));
        var output = nn.functional.conv2d(input, filters, null, [stride, stride], [kernel / 2, kernel / 2]);
        return (output.detach(), autograd.grad([output.square().sum()], [input, filters]));
    }

    private static double Error(Tensor actual, Tensor expected) => ((actual.to(float64) - expected).abs().max() / expected.abs().max()).ToDouble();
}
