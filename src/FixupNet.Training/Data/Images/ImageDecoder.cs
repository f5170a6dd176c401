using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace FixupNet.Training.Data.Images;

/// <summary>A file that is no image that can be used.</summary>
/// <param name="message">What is wrong with it, to follow the file's name: "is cut off", "has 900,000,000 pixels …".</param>
public sealed class BadImageException(string message) : Exception(message);

/// <summary>What a file holds, without its pixels.</summary>
/// <param name="Format">"Jpeg", "Png", …</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="FrameCount">Pictures; more than one of an animation, of which the first is used.</param>
/// <param name="IsTurned">Whether its EXIF data ask for another orientation, which is not followed, as torchvision does not.</param>
/// <param name="Colors">How its pixels are stored.</param>
public sealed record ImageHeader(string Format, int Width, int Height, int FrameCount, bool IsTurned, StoredColors Colors);

/// <summary>How the pixels of a file are stored.</summary>
public enum StoredColors
{
    /// <summary>Colours of 8 bits, or something that is read as such.</summary>
    Color,

    /// <summary>Grey.</summary>
    Grey,

    /// <summary>Inks (cyan, magenta, yellow, black), whose conversion to RGB differs between programs.</summary>
    Cmyk,

    /// <summary>More than 8 bits a value, of which the upper 8 are used.</summary>
    Deep,
}

/// <summary>Decodes JPEG, PNG, WebP, GIF and BMP into RGB, the same bytes as libjpeg-turbo's.</summary>
/// <remarks>Grey images become three equal channels, an alpha channel is left out without blending, colour profiles are not applied.</remarks>
public static class ImageDecoder
{
    /// <summary>Most pixels of an image: 256 MB as RGB.</summary>
    public const long MaxPixels = 89_478_485;

    /// <summary>Most columns and most rows of an image, as of a JPEG: what is longer is a line that no network can be shown.</summary>
    public const int MaxSide = 65_535;

    /// <summary>Reads what a file says of itself.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <exception cref="BadImageException">It is no image, or too large.</exception>
    public static ImageHeader ReadHeader(byte[] encoded)
    {
        using var codec = Open(encoded);
        return new ImageHeader(codec.EncodedFormat.ToString(), codec.Info.Width, codec.Info.Height, Math.Max(1, codec.FrameCount), codec.EncodedOrigin != SKEncodedOrigin.TopLeft, ColorsOf(encoded));
    }

    /// <summary>Decodes an image.</summary>
    /// <param name="encoded">The whole file.</param>
    /// <param name="budget">Waits until there is memory for it; null where nobody else decodes.</param>
    /// <exception cref="BadImageException">It is no image, too large, or cut off.</exception>
    public static RgbImage Decode(byte[] encoded, PixelBudget? budget = null)
    {
        using var codec = Open(encoded);
        return budget is null ? Decode(codec) : budget.Run((long)codec.Info.Width * codec.Info.Height, () => Decode(codec));
    }

    private static RgbImage Decode(SKCodec codec)
    {
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        var rgba = GC.AllocateUninitializedArray<byte>(4 * width * height, pinned: true);
        // No colour space: the values are taken as they are.
        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul, colorspace: null);
        var result = codec.GetPixels(info, Marshal.UnsafeAddrOfPinnedArrayElement(rgba, 0));
        if (result != SKCodecResult.Success) throw new BadImageException(Reason(result));
        var rgb = new byte[RgbImage.Channels * width * height];
        for (var (from, to) = (0, 0); from < rgba.Length; from += 4, to += RgbImage.Channels)
            (rgb[to], rgb[to + 1], rgb[to + 2]) = (rgba[from], rgba[from + 1], rgba[from + 2]);
        return new RgbImage(width, height, rgb);
    }

    private static SKCodec Open(byte[] encoded)
    {
        if (encoded.Length == 0) throw new BadImageException("is empty");
        using var data = SKData.CreateCopy(encoded);
        var codec = SKCodec.Create(data) ?? throw new BadImageException("is no image that can be read (JPEG, PNG, WebP, GIF, BMP)");
        var pixels = (long)codec.Info.Width * codec.Info.Height;
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (pixels is > 0 and <= MaxPixels && Math.Max(width, height) <= MaxSide) return codec;
        codec.Dispose();
        if (pixels is > 0 and <= MaxPixels) throw new BadImageException(FormattableString.Invariant($"is {width}×{height}; at most {MaxSide} columns or rows are decoded"));
        throw new BadImageException(FormattableString.Invariant($"has {pixels:N0} pixels; at most {MaxPixels:N0} are decoded"));
    }

    // The decoder does not tell: the header of a PNG says depth and kind at fixed places, that of a JPEG how many components its frame has.
    private static StoredColors ColorsOf(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length > 25 && encoded[1..4].SequenceEqual("PNG"u8))
            return encoded[24] == 16 ? StoredColors.Deep : encoded[25] is 0 or 4 ? StoredColors.Grey : StoredColors.Color;
        for (var place = 2; place + 9 < encoded.Length && encoded[place] == 0xFF; place += 2 + BinaryPrimitives.ReadUInt16BigEndian(encoded[(place + 2)..]))
        {
            var isFrame = encoded[place + 1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
            if (isFrame) return encoded[place + 9] switch { 1 => StoredColors.Grey, 4 => StoredColors.Cmyk, _ => StoredColors.Color };
        }
        return StoredColors.Color;
    }

    private static string Reason(SKCodecResult result) => result switch
    {
        SKCodecResult.IncompleteInput => "is cut off: its data end before the image does",
        SKCodecResult.ErrorInInput => "is damaged",
        _ => $"cannot be decoded ({result})",
    };
}
