using FixupNet.Training.Data.Images;
using SkiaSharp;

namespace FixupNet.Training.Tests.Data.Images;

/// <summary>A folder of images on disk, gone when disposed.</summary>
internal sealed class SomeFolder : IDisposable
{
    internal string Root { get; } = Directory.CreateTempSubdirectory("fixupnet-images-").FullName;

    /// <summary>A folder with two classes of PNG images.</summary>
    internal static SomeFolder OfImages(int train = 5, int test = 3)
    {
        var folder = new SomeFolder();
        foreach (var (split, count) in ((string, int)[])[("train", train), ("val", test)])
            foreach (var name in (string[])["cat", "dog"])
                for (var i = 0; i < count; i++) folder.Write($"{split}/{name}/{i:d3}.png", Png(20 + i, 17 + 2 * i, (uint)(i + name[0])));
        return folder;
    }

    internal string At(string path) => Path.Combine(Root, path);

    internal void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllBytes(At(path), bytes);
    }

    internal ImageFolder Scan() => ImageFolder.Scan(Root);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static byte[] Png(int width, int height, uint seed)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++) bitmap.SetPixel(x, y, new SKColor((byte)(7 * x + seed), (byte)(11 * y + 3 * seed), (byte)(x * y)));
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
