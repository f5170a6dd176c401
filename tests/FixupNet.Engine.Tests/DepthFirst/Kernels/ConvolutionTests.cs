using System.Runtime.InteropServices;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.Tests.DepthFirst.Kernels;

/// <summary>Every kernel against plain loops in float64: odd sizes, channels that are no multiple of 16, every vector width.</summary>
internal sealed unsafe class ConvolutionTests
{
    // The transforms of F(4×4, 3×3) multiply by up to 100 and divide again; direct sums round less.
    private const double TiledTolerance = 1e-5;
    private const double DirectTolerance = 2e-6;
    private const int ImageCount = 3;

    private static readonly VectorWidth[] s_widths = [.. Enum.GetValues<VectorWidth>().Where(width => width <= VectorWidths.Widest)];
    private static readonly (int Channels, int Height, int Width)[] s_squares = [(16, 32, 32), (32, 7, 7), (5, 9, 6), (40, 4, 11), (16, 1, 1), (64, 8, 8), (272, 4, 5)];

    // In, out, kernel, stride, height, width.
    private static readonly PatchShape[] s_patches =
        [new(16, 32, 3, 2, 32, 32), new(5, 9, 3, 2, 7, 9), new(32, 64, 1, 2, 8, 8), new(17, 33, 3, 1, 5, 6), new(24, 16, 5, 3, 10, 10), new(40, 24, 1, 1, 2, 2), new(16, 37, 3, 2, 3, 5), new(288, 48, 1, 1, 2, 3), new(20, 300, 1, 2, 3, 9)];

    private static readonly StemShape[] s_stems = [new(3, 16, 3, 1, 32, 32), new(1, 5, 7, 2, 28, 28), new(3, 20, 7, 2, 15, 11), new(4, 33, 5, 1, 3, 6)];

    [Test]
    public void Tiled_AreThoseOfPlainLoops(
        [ValueSource(nameof(s_widths))] VectorWidth width, [ValueSource(nameof(s_squares))] (int Channels, int Height, int Width) size)
    {
        var (channels, rows, columns) = size;
        // Rounding grows with the square root of the number of products.
        var tolerance = TiledTolerance * Math.Max(1, Math.Sqrt(channels / 64.0));
        var padded = Blocked.Padded(channels);
        var shape = new TileShape(ImageCount, padded, padded, rows, columns);
        var kernels = width.Kernels<Float32>();
        using var input = new Blocked(ImageCount, channels, rows, columns).Random(1);
        using var skip = new Blocked(ImageCount, channels, rows, columns).Random(2);
        using var gradient = new Blocked(ImageCount, channels, rows, columns).Random(3);
        using var output = new Blocked(ImageCount, channels, rows, columns);
        using var inputGradient = new Blocked(ImageCount, channels, rows, columns);
        using var weights = new Blocked(channels, channels, 3, 3, isPlain: true).Random(4);
        using var weightGradients = new Blocked(channels, channels, 3, 3, isPlain: true);
        float* memory = Blocked.Floats(WinogradScratch.Count(shape)), packed = Blocked.Floats(9L * padded * padded);
        var view = new WeightView(weights.Start, channels, channels);
        var end = new BackwardEnd<Float32>(0.7f, skip.Values, input.Values);

        kernels.Forward(shape, view, input.Values, 0.25f, new ForwardEnd<Float32>(1.5f, 0.1f, skip.Values), output.Values, memory);
        kernels.BackwardData(shape, view, gradient.Values, ref end, inputGradient.Values, memory);
        kernels.BackwardWeights(shape, input.Values, 0.25f, gradient.Values, packed, memory);
        WinogradWeights.Unpack(packed, channels, channels, 0, channels, weightGradients.Start);
        NativeMemory.AlignedFree(memory);
        NativeMemory.AlignedFree(packed);

        var plain = new PlainConvolution(weights, channels, channels, 3, 1, rows, columns);
        double sum = 0, gatedSum = 0, sizeOfSums = 0;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                output.ErrorAgainst((n, k, y, x) => Math.Max(0, (1.5 * plain.Forward(input, 0.25, n, k, y, x)) + 0.1f + skip[n, k, y, x])),
                Is.LessThan(tolerance), "forward");
            Assert.That(
                inputGradient.ErrorAgainst((n, c, y, x) =>
                {
                    var value = 0.7f * plain.BackwardData(gradient, n, c, y, x);
                    var passed = input[n, c, y, x] > 0 ? value + skip[n, c, y, x] : 0;
                    (sum, gatedSum, sizeOfSums) = (sum + value, gatedSum + passed, sizeOfSums + Math.Abs(value) + Math.Abs(passed));
                    return passed;
                }),
                Is.LessThan(tolerance), "backward to the input");
            Assert.That(end.Sum, Is.EqualTo(sum).Within(tolerance * sizeOfSums), "sum");
            Assert.That(end.GatedSum, Is.EqualTo(gatedSum).Within(tolerance * sizeOfSums), "gated sum");
            Assert.That(
                weightGradients.ErrorAgainst((k, c, i, j) => plain.BackwardWeights(input, 0.25, gradient, ImageCount, k, c, i, j)),
                Is.LessThan(tolerance), "backward to the weights");
        }
    }

    [Test]
    public void Patches_AreThoseOfPlainLoops([ValueSource(nameof(s_widths))] VectorWidth width, [Range(0, 8)] int which)
    {
        var shape = s_patches[which];
        var kernels = width.Kernels<Float32>();
        using var input = new Blocked(ImageCount, shape.InChannels, shape.Height, shape.Width).Random(1);
        using var gradient = new Blocked(ImageCount, shape.OutChannels, shape.OutHeight, shape.OutWidth).Random(3);
        using var output = new Blocked(ImageCount, shape.OutChannels, shape.OutHeight, shape.OutWidth);
        using var inputGradient = new Blocked(ImageCount, shape.InChannels, shape.Height, shape.Width);
        using var weights = new Blocked(shape.OutChannels, shape.InChannels, shape.Kernel, shape.Kernel, isPlain: true).Random(4);
        using var weightGradients = new Blocked(shape.OutChannels, shape.InChannels, shape.Kernel, shape.Kernel, isPlain: true);
        var memory = Blocked.Floats(shape.ScratchCount);

        kernels.Forward(shape, ImageCount, input.Start, weights.Start, output.Start, memory);
        kernels.BackwardData(shape, ImageCount, gradient.Start, weights.Start, inputGradient.Start, memory);
        kernels.BackwardWeights(shape, ImageCount, input.Start, gradient.Start, weightGradients.Start, memory);
        NativeMemory.AlignedFree(memory);

        var plain = new PlainConvolution(weights, shape.InChannels, shape.OutChannels, shape.Kernel, shape.Stride, shape.Height, shape.Width);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(output.ErrorAgainst((n, k, y, x) => plain.Forward(input, 0, n, k, y, x)), Is.LessThan(DirectTolerance), "forward");
            Assert.That(inputGradient.ErrorAgainst((n, c, y, x) => plain.BackwardData(gradient, n, c, y, x)), Is.LessThan(DirectTolerance), "backward to the input");
            Assert.That(
                weightGradients.ErrorAgainst((k, c, i, j) => plain.BackwardWeights(input, 0, gradient, ImageCount, k, c, i, j)),
                Is.LessThan(DirectTolerance), "backward to the weights");
        }
    }

    [Test]
    public void Stems_AreThoseOfPlainLoops([ValueSource(nameof(s_widths))] VectorWidth width, [Range(0, 3)] int which)
    {
        var shape = s_stems[which];
        var kernels = width.Kernels<Float32>();
        using var images = new Blocked(ImageCount, shape.InChannels, shape.Height, shape.Width, isPlain: true).Random(1);
        using var gradient = new Blocked(ImageCount, shape.OutChannels, shape.OutHeight, shape.OutWidth).Random(3);
        using var output = new Blocked(ImageCount, shape.OutChannels, shape.OutHeight, shape.OutWidth);
        using var weights = new Blocked(shape.OutChannels, shape.InChannels, shape.Kernel, shape.Kernel, isPlain: true).Random(4);
        using var weightGradients = new Blocked(shape.OutChannels, shape.InChannels, shape.Kernel, shape.Kernel, isPlain: true);
        var memory = Blocked.Floats(shape.ScratchCount);

        kernels.Forward(shape, ImageCount, images.Start, weights.Start, output.Start, memory);
        kernels.BackwardWeights(shape, ImageCount, images.Start, gradient.Start, weightGradients.Start, memory);
        NativeMemory.AlignedFree(memory);

        var plain = new PlainConvolution(weights, shape.InChannels, shape.OutChannels, shape.Kernel, shape.Stride, shape.Height, shape.Width);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(output.ErrorAgainst((n, k, y, x) => plain.Forward(images, 0, n, k, y, x)), Is.LessThan(DirectTolerance), "forward");
            Assert.That(
                weightGradients.ErrorAgainst((k, c, i, j) => plain.BackwardWeights(images, 0, gradient, ImageCount, k, c, i, j)),
                Is.LessThan(DirectTolerance), "backward to the weights");
        }
    }

    /// <summary>Every upper half of a float32, and what lies between two of them: to the nearest, ties to even, NaN stays NaN.</summary>
    [Test]
    public void BFloat16_RoundsToNearestEven([ValueSource(nameof(s_widths))] VectorWidth width)
    {
        uint[] bits = [0x3F80_0000, 0x3F80_8000, 0x3F80_8001, 0x3F81_8000, 0x3F80_7FFF, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0x7F80_0001, 0x7F7F_FFFF, 0, 0x8000_0000, 0xBF81_8000, 1, 0x7FFF_FFFF, 0xFFFF_FFFF];
        uint[] expected = [0x3F80, 0x3F80, 0x3F81, 0x3F82, 0x3F80, 0x7F80, 0xFF80, 0x7FC0, 0x7FC0, 0x7F80, 0, 0x8000, 0xBF82, 0, 0x7FFF, 0xFFFF];
        var halves = stackalloc BFloat16[16];
        var back = stackalloc float[16];

        fixed (uint* values = bits) width.Kernels<BFloat16>().Store((float*)values, 1, 16, halves);
        width.Kernels<BFloat16>().AddShift(halves, 0, 16, back);

        Assert.That(Enumerable.Range(0, 16).Select(i => (uint)((ushort*)halves)[i]), Is.EqualTo(expected));
        Assert.That(new Span<float>(back, 16).ToArray(), Is.EqualTo(expected.Select(half => BitConverter.UInt32BitsToSingle(half << 16))));
    }
}
