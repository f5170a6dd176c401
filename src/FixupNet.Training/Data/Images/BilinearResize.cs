namespace FixupNet.Training.Data.Images;

/// <summary>Bilinear resizing with antialiasing, the same bytes as the Python Imaging Library's.</summary>
/// <remarks>
/// Each axis by itself, columns first, rounded to bytes between: with s = in/out and f = max(s, 1), output i is the mean of the inputs around its
/// centre c = (i + ½)·s with weights max(0, 1 − |k − c + ½|/f), which are fractions of 2²².
/// </remarks>
public static class BilinearResize
{
    private const int FractionBits = 22;

    private readonly record struct Window(int First, int[] Weights)
    {
        internal int End => First + Weights.Length;
    }

    /// <summary>Resizes an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="width">Columns afterwards, at least 1.</param>
    /// <param name="height">Rows afterwards, at least 1.</param>
    public static RgbImage Run(RgbImage image, int width, int height) => Run(image, width, height, new CropBox(0, 0, width, height));

    /// <summary>A part of the resized image, of which nothing else is computed: an image of few rows may be very long when they are made more.</summary>
    /// <param name="image">The image.</param>
    /// <param name="width">Columns that the whole image would have afterwards, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="part">The part, within them.</param>
    public static RgbImage Run(RgbImage image, int width, int height, CropBox part)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var rows = height == image.Height ? null : WindowsOf(image.Height, height, part.Top, part.Height);
        var (top, end) = rows is null ? (part.Top, part.Top + part.Height) : (rows[0].First, rows.Max(row => row.End));
        var needed = image.Crop(new CropBox(0, top, image.Width, end - top));
        var columns = width == image.Width
            ? needed.Crop(new CropBox(part.Left, 0, part.Width, needed.Height))
            : Columns(needed, WindowsOf(image.Width, width, part.Left, part.Width));
        return rows is null ? columns : Rows(columns, rows, top);
    }

    private static RgbImage Columns(RgbImage image, Window[] windows)
    {
        var pixels = new byte[RgbImage.Channels * windows.Length * image.Height];
        for (var row = 0; row < image.Height; row++)
        {
            var from = image.Pixels.AsSpan(RgbImage.Channels * row * image.Width, RgbImage.Channels * image.Width);
            var to = pixels.AsSpan(RgbImage.Channels * row * windows.Length, RgbImage.Channels * windows.Length);
            for (var column = 0; column < windows.Length; column++)
            {
                var (first, weights) = windows[column];
                var (red, green, blue) = (Half, Half, Half);
                var pixel = from[(RgbImage.Channels * first)..];
                for (var k = 0; k < weights.Length; k++)
                {
                    var weight = weights[k];
                    red += weight * pixel[3 * k];
                    green += weight * pixel[3 * k + 1];
                    blue += weight * pixel[3 * k + 2];
                }
                (to[3 * column], to[3 * column + 1], to[3 * column + 2]) = (Byte(red), Byte(green), Byte(blue));
            }
        }
        return new RgbImage(windows.Length, image.Height, pixels);
    }

    private static RgbImage Rows(RgbImage image, Window[] windows, int top)
    {
        var length = RgbImage.Channels * image.Width;
        var pixels = new byte[length * windows.Length];
        var sums = new int[length];
        for (var row = 0; row < windows.Length; row++)
        {
            var (first, weights) = windows[row];
            Array.Fill(sums, Half);
            for (var k = 0; k < weights.Length; k++)
            {
                var weight = weights[k];
                var from = image.Pixels.AsSpan(length * (first - top + k), length);
                for (var i = 0; i < sums.Length; i++) sums[i] += weight * from[i];
            }
            var to = pixels.AsSpan(length * row, length);
            for (var i = 0; i < sums.Length; i++) to[i] = Byte(sums[i]);
        }
        return new RgbImage(image.Width, windows.Length, pixels);
    }

    private const int Half = 1 << (FractionBits - 1);

    private static byte Byte(int sum) => (byte)Math.Clamp(sum >> FractionBits, 0, 255);

    private static Window[] WindowsOf(int inputs, int outputs, int start, int count)
    {
        var scale = inputs / (double)outputs;
        var reach = Math.Max(scale, 1);
        var windows = new Window[count];
        for (var i = 0; i < count; i++)
        {
            var centre = (start + i + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - reach + 0.5));
            var end = Math.Min(inputs, (int)(centre + reach + 0.5));
            var shares = new double[end - first];
            var sum = 0.0;
            for (var k = 0; k < shares.Length; k++) sum += shares[k] = Math.Max(0, 1 - Math.Abs((k + first - centre + 0.5) / reach));
            windows[i] = new Window(first, [.. shares.Select(share => (int)Math.Floor(0.5 + share / sum * (1 << FractionBits)))]);
        }
        return windows;
    }
}
