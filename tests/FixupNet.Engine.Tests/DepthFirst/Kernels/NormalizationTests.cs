using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.Tests.DepthFirst.Kernels;

/// <summary>The passes of a normalization against plain loops in float64: odd sizes, channels that are no multiple of 16, every vector width.</summary>
internal sealed unsafe class NormalizationTests
{
    private const double Tolerance = 1e-6;
    private const int ImageCount = 3;

    private static readonly VectorWidth[] s_widths = [.. Enum.GetValues<VectorWidth>().Where(width => width <= VectorWidths.Widest)];
    private static readonly (int Channels, int Height, int Width)[] s_sizes = [(16, 40, 40), (37, 7, 5), (5, 1, 1), (64, 3, 3)];

    [Test]
    public void Sums_AreThoseOfPlainLoops([ValueSource(nameof(s_widths))] VectorWidth width, [ValueSource(nameof(s_sizes))] (int Channels, int Height, int Width) size)
    {
        var (kernels, padded, shape) = (width.Kernels<Float32>(), Blocked.Padded(size.Channels), ShapeOf(size));
        using var input = Random(size, 1);
        using var gradient = Random(size, 2);
        using var centers = Channels(size, 3);
        var (moments, gradientMoments) = (new double[2 * padded], new double[2 * padded]);

        fixed (double* sums = moments) kernels.Moments(shape, input.Values, centers.Start, sums);
        fixed (double* sums = gradientMoments) kernels.GradientMoments(shape, gradient.Values, input.Values, centers.Start, sums);

        var expected = Enumerable.Range(0, 4).Select(_ => new double[padded]).ToArray();
        input.ForEach((n, c, y, x) =>
        {
            var centered = (double)input[n, c, y, x] - centers[0, c, 0, 0];
            expected[0][c] += centered;
            expected[1][c] += centered * centered;
            expected[2][c] += gradient[n, c, y, x];
            expected[3][c] += gradient[n, c, y, x] * centered;
        });
        var tolerance = Tolerance * ImageCount * size.Height * size.Width;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(moments, Is.EqualTo(expected[0].Concat(expected[1])).Within(tolerance));
            Assert.That(gradientMoments, Is.EqualTo(expected[2].Concat(expected[3])).Within(tolerance));
        }
    }

    [Test]
    public void Passes_AreThoseOfPlainLoops([ValueSource(nameof(s_widths))] VectorWidth width, [ValueSource(nameof(s_sizes))] (int Channels, int Height, int Width) size)
    {
        var (kernels, shape) = (width.Kernels<Float32>(), ShapeOf(size));
        using var input = Random(size, 1);
        using var other = Random(size, 2);
        using var means = Channels(size, 3);
        using var scales = Channels(size, 4);
        using var shifts = Channels(size, 5);
        using var factors = Channels(size, 6);
        using var plain = Random(size, 0);
        using var gated = Random(size, 0);
        using var summed = Random(size, 0);
        using var ungated = Random(size, 0);
        using var backward = Random(size, 0);
        var map = new ChannelMap(means.Start, scales.Start, shifts.Start);

        kernels.Normalize(shape, input.Values, map, plain.Values);
        kernels.NormalizeRelu(shape, input.Values, map, null, gated.Values);
        kernels.NormalizeRelu(shape, input.Values, map, other.Values, summed.Values);
        kernels.Normalize(shape, input.Values, map, other.Values, ungated.Values);
        kernels.NormalizeBackward(shape, other.Values, factors.Start, input.Values, map, backward.Values);

        double Normalized(int n, int c, int y, int x) => (((double)input[n, c, y, x] - means[0, c, 0, 0]) * scales[0, c, 0, 0]) + shifts[0, c, 0, 0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(plain.ErrorAgainst(Normalized), Is.LessThan(Tolerance), "normalized");
            Assert.That(gated.ErrorAgainst((n, c, y, x) => Math.Max(0, Normalized(n, c, y, x))), Is.LessThan(Tolerance), "with ReLU");
            Assert.That(summed.ErrorAgainst((n, c, y, x) => Math.Max(0, Normalized(n, c, y, x) + other[n, c, y, x])), Is.LessThan(Tolerance), "with a skip connection");
            Assert.That(ungated.ErrorAgainst((n, c, y, x) => Normalized(n, c, y, x) + other[n, c, y, x]), Is.LessThan(Tolerance), "with a skip connection and no ReLU");
            Assert.That(
                backward.ErrorAgainst((n, c, y, x) => Normalized(n, c, y, x) + ((double)other[n, c, y, x] * factors[0, c, 0, 0])), Is.LessThan(Tolerance), "backward");
        }
    }

    private static NormShape ShapeOf((int Channels, int Height, int Width) size) => new(ImageCount, Blocked.Padded(size.Channels) / 16, size.Height * size.Width);

    private static Blocked Random((int Channels, int Height, int Width) size, int seed) => new Blocked(ImageCount, size.Channels, size.Height, size.Width).Random(seed);

    // One number a channel, in their order: what the passes take.
    private static Blocked Channels((int Channels, int Height, int Width) size, int seed) => new Blocked(1, size.Channels, 1, 1).Random(seed);
}
