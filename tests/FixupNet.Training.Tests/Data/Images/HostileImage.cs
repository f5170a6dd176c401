using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;

namespace FixupNet.Training.Tests.Data.Images;

/// <summary>A file of a folder of images that is not what one would like.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Says">What "data verify" says of it.</param>
/// <param name="IsError">Whether it cannot be shown to a network.</param>
/// <param name="Write">Puts it there.</param>
internal sealed record HostileImage(string Name, string Says, bool IsError, Action<string> Write)
{
    /// <summary>All of them, in ordinal order of their names.</summary>
    internal static IReadOnlyList<HostileImage> All { get; } =
    [
        Error("a-text.jpg", "is no image that can be read", "this is no image"u8.ToArray()),
        Error("b-cut.jpg", "is cut off: its data end before the image does", EncodedImages.Bytes(EncodedImages.Jpeg420)[..^40]),
        Error("c-cut.png", "is cut off: its data end before the image does", EncodedImages.Bytes(EncodedImages.PngAlpha)[..^40]),
        Error("d-empty.png", "is empty", []),
        Error("e-huge.png", "has 900,000,000 pixels; at most 89,478,485 are decoded", Png(30_000, 30_000)),
        Error("e-line.png", "is 70000×1; at most 65535 columns or rows are decoded", Png(70_000, 1)),
        Error("f-header.jpg", "is no image that can be read", EncodedImages.Bytes(EncodedImages.Jpeg420)[..12]),
        new("g-nowhere.jpg", "cannot be read", true, path => File.CreateSymbolicLink(path, path + ".gone")),
        Remark("h-cmyk.jpg", "is stored in inks (CMYK)", EncodedImages.Bytes(EncodedImages.JpegCmyk)),
        Remark("i-deep.png", "has 16 bits a value", EncodedImages.Bytes(EncodedImages.PngDeep)),
        Remark("j-deep-grey.png", "has 16 bits a value", EncodedImages.Bytes(EncodedImages.PngDeepGrey)),
        Remark("k-grey.jpg", "is grey", EncodedImages.Bytes(EncodedImages.JpegGrey)),
        Remark("l-animated.gif", "is animated: the first of its 2 pictures is used", EncodedImages.Bytes(EncodedImages.GifAnimated)),
        Remark("m-turned.jpg", "is turned by its EXIF data", EncodedImages.Bytes(EncodedImages.JpegTurned)),
        Remark("n-pixel.png", "is 1×1 pixels small", EncodedImages.Bytes(EncodedImages.PngOnePixel)),
        Remark("o-pixel.jpg", "is 1×1 pixels small", EncodedImages.Bytes(EncodedImages.JpegOnePixel)),
        Remark("o-small-line.png", "is grey, is 3000×1 pixels small", Png(3000, 1)),
        .. OperatingSystem.IsWindows() ? (HostileImage[])[] : [new("p-pipe.jpg", "is empty", true, MakePipe)],
        // Nothing is locked to root.
        .. OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess ? (HostileImage[])[] : [new("q-locked.jpg", "cannot be read", true, WriteLocked)],
    ];

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static HostileImage Error(string name, string says, byte[] bytes) => new(name, says, true, path => File.WriteAllBytes(path, bytes));

    private static HostileImage Remark(string name, string says, byte[] bytes) => new(name, says, false, path => File.WriteAllBytes(path, bytes));

    private static void WriteLocked(string path)
    {
        File.WriteAllBytes(path, EncodedImages.Bytes(EncodedImages.Jpeg420));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.None);
    }

    private static void MakePipe(string path)
    {
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
    }

    // Black, of a bit a pixel: 30,000×30,000 would be 3.6 GB as RGBA and is some hundred KiB as a file.
    private static byte[] Png(int width, int height)
    {
        using var content = new MemoryStream();
        using (var deflated = new ZLibStream(content, CompressionLevel.Fastest, leaveOpen: true))
            for (var row = 0; row < height; row++) deflated.Write(new byte[1 + (width + 7) / 8]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 1;
        return [0x89, .. "PNG\r\n"u8, 0x1A, (byte)'\n', .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, content.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> content)
    {
        byte[] named = [.. kind, .. content];
        var (length, sum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, ImageDecoderTests.Crc(named));
        return [.. length, .. named, .. sum];
    }
}
