namespace FixupNet.Training.Data.Images;

/// <summary>Turns the hue of colours, with hue, saturation and value in 8 bits as the Python Imaging Library has them.</summary>
/// <remarks>Every rounding is that library's, down to which products are of single precision: other bytes would come of none of them.</remarks>
internal static class HueTurn
{
    /// <summary>Turns the hue of every pixel.</summary>
    /// <param name="pixels">Red, green and blue of every pixel, changed in place.</param>
    /// <param name="turn">Part of a whole turn, in [−0.5, 0.5]; 255 steps make one.</param>
    internal static void Apply(Span<byte> pixels, double turn)
    {
        var steps = (int)(turn * 255);
        for (var i = 0; i < pixels.Length; i += RgbImage.Channels)
        {
            var (hue, saturation, value) = ToHsv(pixels[i], pixels[i + 1], pixels[i + 2]);
            (pixels[i], pixels[i + 1], pixels[i + 2]) = ToRgb((byte)(hue + steps), saturation, value);
        }
    }

    private static (byte Hue, byte Saturation, byte Value) ToHsv(byte red, byte green, byte blue)
    {
        var (most, least) = (Math.Max(red, Math.Max(green, blue)), Math.Min(red, Math.Min(green, blue)));
        if (most == least) return (0, 0, most);
        float range = most - least;
        var (r, g, b) = ((most - red) / range, (most - green) / range, (most - blue) / range);
        var sixths = red == most ? b - g : green == most ? (float)(2.0 + r - b) : (float)(4.0 + g - r);
        var hue = (float)((sixths / 6.0 + 1) % 1.0);
        return ((byte)(hue * 255.0), (byte)(range / most * 255.0), most);
    }

    private static (byte Red, byte Green, byte Blue) ToRgb(byte hue, byte saturation, byte value)
    {
        if (saturation == 0) return (value, value, value);
        var sixth = (int)(hue * 6.0 / 255.0);
        var rest = (float)(hue * 6.0 / 255.0 - sixth);
        var share = (float)(saturation / 255.0);
        byte Mixed(double part) => (byte)Math.Clamp(Math.Round(value * part, MidpointRounding.AwayFromZero), 0, 255);
        var (p, q, t) = (Mixed(1.0 - share), Mixed(1.0 - share * rest), Mixed(1.0 - share * (1.0 - rest)));
        return (sixth % 6) switch
        {
            0 => (value, t, p),
            1 => (q, value, p),
            2 => (p, value, t),
            3 => (p, q, value),
            4 => (t, p, value),
            _ => (value, p, q),
        };
    }
}
