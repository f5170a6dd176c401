using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.Tests.DepthFirst.Kernels;

/// <summary>Max pooling against plain loops: odd sizes, strides, every vector width.</summary>
internal sealed unsafe class PoolingTests
{
    private const int ImageCount = 2;

    private static readonly VectorWidth[] s_widths = [.. Enum.GetValues<VectorWidth>().Where(width => width <= VectorWidths.Widest)];
    private static readonly PoolShape[] s_shapes = [new(2, 3, 2, 12, 12), new(1, 3, 2, 7, 5), new(3, 5, 1, 4, 6), new(1, 3, 3, 1, 1)];

    [Test]
    public void Pooling_IsThatOfPlainLoops([ValueSource(nameof(s_widths))] VectorWidth width, [ValueSource(nameof(s_shapes))] PoolShape shape)
    {
        var (kernels, channels) = (width.Kernels<Float32>(), shape.Blocks * 16);
        using var input = new Blocked(ImageCount, channels, shape.Height, shape.Width).Random(1);
        using var gradient = new Blocked(ImageCount, channels, shape.OutHeight, shape.OutWidth).Random(2);
        using var output = new Blocked(ImageCount, channels, shape.OutHeight, shape.OutWidth);
        using var inputGradient = new Blocked(ImageCount, channels, shape.Height, shape.Width);
        // Equal values: the first of them has the gradient.
        input.ForEach((n, c, y, x) => input[n, c, y, x] = MathF.Round(4 * input[n, c, y, x]) / 4);

        kernels.MaxPool(shape, ImageCount, input.Values, output.Values);
        kernels.AddPooledGradient(shape, ImageCount, input.Values, output.Values, gradient.Values, inputGradient.Start);

        var expected = new Dictionary<(int, int, int, int), double>();
        var wrong = 0;
        output.ForEach((n, c, y, x) =>
        {
            var first = Window(shape, y, x).MaxBy(place => input[n, c, place.Y, place.X]);
            if (output[n, c, y, x] != input[n, c, first.Y, first.X]) wrong++;
            expected[(n, c, first.Y, first.X)] = expected.GetValueOrDefault((n, c, first.Y, first.X)) + gradient[n, c, y, x];
        });
        Assert.That(wrong, Is.Zero);
        Assert.That(inputGradient.ErrorAgainst((n, c, y, x) => expected.GetValueOrDefault((n, c, y, x))), Is.LessThan(1e-6));
    }

    [Test]
    public void Pooling_OfANumberThatIsNone_IsNone([ValueSource(nameof(s_widths))] VectorWidth width)
    {
        using var input = new Blocked(1, 16, 3, 3).Random(1);
        using var output = new Blocked(1, 16, 1, 1);
        (input[0, 5, 2, 2], input[0, 7, 1, 1]) = (float.NaN, float.NaN);

        width.Kernels<Float32>().MaxPool(new PoolShape(1, 7, 3, 3, 3), 1, input.Values, output.Values);

        Assert.That(Enumerable.Range(0, 16).Where(c => float.IsNaN(output[0, c, 0, 0])), Is.EqualTo(new[] { 5, 7 }));
    }

    private static IEnumerable<(int Y, int X)> Window(PoolShape shape, int row, int column) =>
        from y in Enumerable.Range((row * shape.Stride) - (shape.Kernel / 2), shape.Kernel)
        from x in Enumerable.Range((column * shape.Stride) - (shape.Kernel / 2), shape.Kernel)
        where y >= 0 && y < shape.Height && x >= 0 && x < shape.Width
        select (y, x);
}
