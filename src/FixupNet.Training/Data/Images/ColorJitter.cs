using FixupNet.Randomness;

namespace FixupNet.Training.Data.Images;

/// <summary>How far the colours of training images vary.</summary>
/// <param name="Strength">Brightness, contrast and saturation are multiplied by factors of U(1 − this, 1 + this); in [0, 1].</param>
/// <param name="Hue">The hue turns by U(−this, this) of a whole turn; in [0, 0.5].</param>
public sealed record ColorJitterOptions(double Strength = 0, double Hue = 0);

/// <summary>Brightness, contrast, saturation and hue that vary at random, as torchvision's ColorJitter has them of images of the Python Imaging Library.</summary>
/// <remarks>The first three are mixtures with another image, black, its mean grey or its grey form; their order is random.</remarks>
public static class ColorJitter
{
    /// <summary>Varies an image.</summary>
    /// <param name="random">Draws; the caller's generator goes on.</param>
    /// <param name="image">The image.</param>
    /// <param name="options">How far.</param>
    public static RgbImage Apply(ref CounterRandom random, RgbImage image, ColorJitterOptions options)
    {
        var order = Permutation.Of(options.Hue > 0 ? 4 : 3, random.NextBits());
        float Factor(ref CounterRandom draws) => (float)(1 + options.Strength * (2 * draws.NextDouble() - 1));
        float[] factors = [Factor(ref random), Factor(ref random), Factor(ref random)];
        var turn = options.Hue > 0 ? options.Hue * (2 * random.NextDouble() - 1) : 0;
        var pixels = (byte[])image.Pixels.Clone();
        foreach (var kind in order)
        {
            if (kind == 0) Brightness(pixels, factors[0]);
            else if (kind == 1) Contrast(pixels, factors[1]);
            else if (kind == 2) Saturation(pixels, factors[2]);
            else HueTurn.Apply(pixels, turn);
        }
        return image with { Pixels = pixels };
    }

    /// <summary>Mixes an image with black.</summary>
    internal static void Brightness(Span<byte> pixels, float factor)
    {
        for (var i = 0; i < pixels.Length; i++) pixels[i] = Mixed(0, pixels[i], factor);
    }

    /// <summary>Mixes an image with the mean of its grey values.</summary>
    internal static void Contrast(Span<byte> pixels, float factor)
    {
        long sum = 0;
        for (var i = 0; i < pixels.Length; i += RgbImage.Channels) sum += Grey(pixels[i..]);
        var mean = (int)(sum / (pixels.Length / (double)RgbImage.Channels) + 0.5);
        for (var i = 0; i < pixels.Length; i++) pixels[i] = Mixed(mean, pixels[i], factor);
    }

    /// <summary>Mixes an image with its grey form.</summary>
    internal static void Saturation(Span<byte> pixels, float factor)
    {
        for (var i = 0; i < pixels.Length; i += RgbImage.Channels)
        {
            var grey = Grey(pixels[i..]);
            for (var channel = 0; channel < RgbImage.Channels; channel++) pixels[i + channel] = Mixed(grey, pixels[i + channel], factor);
        }
    }

    // ITU-R 601-2 luma in 16 bits, rounded.
    private static int Grey(ReadOnlySpan<byte> pixel) => (19595 * pixel[0] + 38470 * pixel[1] + 7471 * pixel[2] + 0x8000) >> 16;

    // Rounded down, as Image.blend does.
    private static byte Mixed(int other, int value, float factor) => (byte)Math.Clamp(other + factor * (value - other), 0, 255);
}
