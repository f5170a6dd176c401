namespace FixupNet.Training.Data;

/// <summary>One split of a dataset: colour images of 32×32 pixels and their classes, in file order.</summary>
public sealed class ImageSet
{
    /// <summary>Colour planes of an image.</summary>
    public const int Channels = 3;

    /// <summary>Height and width of an image in pixels.</summary>
    public const int Side = 32;

    /// <summary>Bytes of one image, all planes.</summary>
    public const int BytesPerImage = Channels * Side * Side;

    /// <summary>Joins pixels and labels; both arrays are kept, not copied.</summary>
    /// <param name="pixels">[N,3,32,32], a byte a value: the red plane, the green plane and the blue plane of each image.</param>
    /// <param name="labels">[N], the class index of each image.</param>
    /// <exception cref="ArgumentException">The lengths do not belong together, or there is no image.</exception>
    public ImageSet(byte[] pixels, byte[] labels)
    {
        if (labels.Length == 0) throw new ArgumentException("There is no image.", nameof(labels));
        if (pixels.LongLength != (long)labels.Length * BytesPerImage)
            throw new ArgumentException($"{pixels.LongLength} pixel bytes for {labels.Length} labels; must be {BytesPerImage} a label.", nameof(pixels));
        Pixels = pixels;
        Labels = labels;
    }

    /// <summary>Pixels [N,3,32,32] in RGB planes.</summary>
    public byte[] Pixels { get; }

    /// <summary>Class indices [N].</summary>
    public byte[] Labels { get; }

    /// <summary>N, the number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>The first images in file order.</summary>
    /// <param name="count">How many, 1 to <see cref="Count"/>.</param>
    /// <returns>This set where it asks for all, else a copy of the first <paramref name="count"/> images.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1 or above <see cref="Count"/>.</exception>
    public ImageSet Take(int count)
    {
        if (count < 1 || count > Count)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"must be 1 to {Count}");
        return count == Count ? this : new ImageSet(Pixels[..(count * BytesPerImage)], Labels[..count]);
    }
}
