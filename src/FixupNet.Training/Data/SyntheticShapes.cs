using System.Buffers.Binary;
using FixupNet.Randomness;
using FixupNet.Registries;

namespace FixupNet.Training.Data;

/// <summary>Draws the "synthetic-shapes" dataset: ten kinds of shapes at random places, sizes, angles and colours, out of nothing but a seed.</summary>
/// <remarks>
/// Each image is a pure function of (seed, split, index), see <see cref="CounterRandom"/>: the two splits draw from different streams,
/// fewer images are a prefix of more, and every platform and thread count makes the same bytes. Ten images in a row hold each
/// class once, in random order. Shapes are as often darker than the background as lighter, so that no pixel's value speaks for a
/// shape. Half of the images have a background in the hue of their class, the others in a random one: those hues are what a
/// linear classifier can learn, and what a very deep network learns in its first steps; the shapes decide the rest.
/// </remarks>
internal static class SyntheticShapes
{
    /// <summary>Registry name.</summary>
    public const string Name = "synthetic-shapes";

    /// <summary>Measured over the 10,000 training images of seed 1.</summary>
    public static ChannelNormalization Normalization { get; } = new([0.5019, 0.5014, 0.5022], [0.2118, 0.2124, 0.2110]);

    private const int TrainSplit = 0;
    private const int TestSplit = 1;
    private const int PlaneBytes = ImageSet.Side * ImageSet.Side;
    private const float TintedShare = 0.5f;    // of the images has the hue of its class
    private const float TintStrength = 45f;    // grey levels, of 255, by which that hue moves the background
    private const float ColorSpread = 26f;     // half the range in which each channel of the background varies
    private const float NoiseHalfWidth = 65f;  // of the uniform noise on every value

    // Ten hues around the colour circle, one a class: red, green, blue; a turn of 36 degrees each.
    private static ReadOnlySpan<float> Tints =>
    [
        1.00f, -0.50f, -0.50f,
        0.81f, 0.10f, -0.91f,
        0.31f, 0.67f, -0.98f,
        -0.31f, 0.98f, -0.67f,
        -0.81f, 0.91f, -0.10f,
        -1.00f, 0.50f, 0.50f,
        -0.81f, -0.10f, 0.91f,
        -0.31f, -0.67f, 0.98f,
        0.31f, -0.98f, 0.67f,
        0.81f, -0.91f, 0.10f,
    ];

    /// <summary>Draws both splits.</summary>
    /// <param name="options">How many images, and the seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static ImageDataset Create(SyntheticShapesOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Seed);
        return new ImageDataset(
            Name,
            DrawSplit(new SeedPlan(options.Seed), TrainSplit, options.TrainExamples),
            DrawSplit(new SeedPlan(options.Seed), TestSplit, options.TestExamples),
            ShapeOutline.Names,
            Normalization);
    }

    private static ImageSet DrawSplit(SeedPlan seeds, int split, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, SyntheticShapesOptions.MaxExamples);
        var (pixels, labels) = (new byte[count * ImageSet.BytesPerImage], LabelsOf(seeds, split, count));
        Parallel.For(0, count, index =>
        {
            var random = new CounterRandom(seeds.Stream("synthetic-shapes-image", split, index));
            DrawImage(ref random, labels[index], pixels.AsSpan(index * ImageSet.BytesPerImage, ImageSet.BytesPerImage));
        });
        return new ImageSet(pixels, labels);
    }

    // One shuffle of all classes after the other, so that every prefix is balanced.
    private static byte[] LabelsOf(SeedPlan seeds, int split, int count)
    {
        var classCount = ShapeOutline.Names.Count;
        var labels = new byte[count];
        for (var start = 0; start < count; start += classCount)
        {
            var block = Permutation.Of(classCount, seeds.Stream("synthetic-shapes-labels", split, start));
            for (var i = 0; i < Math.Min(classCount, count - start); i++) labels[start + i] = (byte)block[i];
        }
        return labels;
    }

    private static void DrawImage(ref CounterRandom random, int shape, Span<byte> image)
    {
        Span<float> coverage = stackalloc float[PlaneBytes];
        DrawCoverage(ref random, shape, coverage);
        var lightOnDark = random.NextCoin();
        var tintStrength = random.NextUnit() < TintedShare ? TintStrength : 0f;
        var level = random.Next(108f, 148f);
        var clarity = random.Next(0.45f, 1f);
        for (var channel = 0; channel < ImageSet.Channels; channel++)
        {
            var background = level + random.Next(-ColorSpread, ColorSpread) + tintStrength * Tints[shape * ImageSet.Channels + channel];
            // In every channel in the same direction, so that a shape shows in each of them.
            var contrast = clarity * random.Next(70f, 130f) * (lightOnDark ? 1f : -1f);
            var paint = new Paint(background, contrast, random.Next(-1f, 1f), random.Next(-1f, 1f));
            PaintChannel(ref random, coverage, paint, image.Slice(channel * PlaneBytes, PlaneBytes));
        }
    }

    // How much of each pixel the shape covers, 0 to 1: its edge is smoothed over one pixel.
    private static void DrawCoverage(ref CounterRandom random, int shape, Span<float> coverage)
    {
        var radius = random.Next(5.5f, 11f);
        var (centerX, centerY) = (random.Next(11.5f, 19.5f), random.Next(11.5f, 19.5f));
        // The tangent of half the angle gives sine and cosine by division alone; 0.1 is a turn of 11.4 degrees.
        var half = random.Next(-0.1f, 0.1f);
        var (cosine, sine) = ((1f - half * half) / (1f + half * half), 2f * half / (1f + half * half));
        for (var row = 0; row < ImageSet.Side; row++)
        {
            for (var column = 0; column < ImageSet.Side; column++)
            {
                var (right, down) = (column - centerX, row - centerY);
                var distance = ShapeOutline.Distance(shape, cosine * right + sine * down, cosine * down - sine * right, radius);
                coverage[row * ImageSet.Side + column] = Math.Clamp(0.5f - distance, 0f, 1f);
            }
        }
    }

    private static void PaintChannel(ref CounterRandom random, ReadOnlySpan<float> coverage, Paint paint, Span<byte> plane)
    {
        Span<byte> noise = stackalloc byte[sizeof(ulong)];
        for (var pixel = 0; pixel < PlaneBytes; pixel++)
        {
            if (pixel % sizeof(ulong) == 0) BinaryPrimitives.WriteUInt64LittleEndian(noise, random.NextBits());
            var (row, column) = (pixel / ImageSet.Side, pixel % ImageSet.Side);
            var value = paint.Background + paint.SlopeX * (column - 15.5f) + paint.SlopeY * (row - 15.5f)
                + paint.Contrast * coverage[pixel] + (noise[pixel % sizeof(ulong)] - 127.5f) * (NoiseHalfWidth / 127.5f);
            plane[pixel] = (byte)(Math.Clamp(value, 0f, 255f) + 0.5f);
        }
    }

    // One channel of an image, in grey levels: the value behind the shape, the step up to it, and the slope a pixel.
    private readonly record struct Paint(float Background, float Contrast, float SlopeX, float SlopeY);
}
