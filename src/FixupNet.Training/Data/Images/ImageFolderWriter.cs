using SkiaSharp;

namespace FixupNet.Training.Data.Images;

/// <summary>Writes a dataset that is in memory as a folder of PNG images: train/CLASS/*.png and val/CLASS/*.png.</summary>
public static class ImageFolderWriter
{
    /// <summary>Writes the images.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="size">Height and width of the images, resized bilinearly.</param>
    /// <param name="folder">Where to; must exist.</param>
    /// <param name="cancellation">Gives up between images.</param>
    public static void Write(ImageDataset dataset, int size, string folder, CancellationToken cancellation = default)
    {
        foreach (var (split, images) in ((string, ImageSet)[])[("train", dataset.Train), ("val", dataset.Test)])
        {
            var classes = dataset.ClassNames.Select(name => Path.Combine(folder, split, FileNameOf(name))).ToArray();
            foreach (var path in classes) Directory.CreateDirectory(path);
            Parallel.For(0, images.Count, new ParallelOptions { CancellationToken = cancellation }, i =>
                File.WriteAllBytes(Path.Combine(classes[images.Labels[i]], $"{i:d6}.png"), Png(BilinearResize.Run(ImageOf(images, i), size, size))));
        }
    }

    /// <summary>Encodes an image as PNG.</summary>
    /// <param name="image">The image.</param>
    public static byte[] Png(RgbImage image)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var pixels = new byte[4 * image.Width * image.Height];
        for (var (from, to) = (0, 0); to < pixels.Length; from += RgbImage.Channels, to += 4)
            (pixels[to], pixels[to + 1], pixels[to + 2], pixels[to + 3]) = (image.Pixels[from], image.Pixels[from + 1], image.Pixels[from + 2], byte.MaxValue);
        System.Runtime.InteropServices.Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return encoded.ToArray();
    }

    private static RgbImage ImageOf(ImageSet images, int index)
    {
        const int plane = ImageSet.Side * ImageSet.Side;
        var planes = images.Pixels.AsSpan(index * ImageSet.BytesPerImage, ImageSet.BytesPerImage);
        var pixels = new byte[ImageSet.BytesPerImage];
        for (var i = 0; i < plane; i++)
            for (var channel = 0; channel < ImageSet.Channels; channel++) pixels[ImageSet.Channels * i + channel] = planes[channel * plane + i];
        return new RgbImage(ImageSet.Side, ImageSet.Side, pixels);
    }

    // "T-shirt/top" is no name of a folder.
    private static string FileNameOf(string className) => string.Concat(className.Select(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or ' ' ? letter : '-'));
}
