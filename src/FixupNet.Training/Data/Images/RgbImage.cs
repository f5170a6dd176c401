namespace FixupNet.Training.Data.Images;

/// <summary>A colour image in memory.</summary>
/// <param name="Width">Pixels of a row, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Pixels">Red, green and blue of every pixel, row after row: 3·Width·Height bytes.</param>
public sealed record RgbImage(int Width, int Height, byte[] Pixels)
{
    /// <summary>Bytes of a pixel.</summary>
    public const int Channels = 3;

    /// <summary>A part of it.</summary>
    /// <param name="box">The part, within the image.</param>
    public RgbImage Crop(CropBox box)
    {
        if (box.Left < 0 || box.Top < 0 || box.Width < 1 || box.Height < 1 || box.Left + box.Width > Width || box.Top + box.Height > Height)
            throw new ArgumentOutOfRangeException(nameof(box), box, $"must lie within {Width}×{Height}");
        if (box.Width == Width && box.Height == Height) return this;
        var pixels = new byte[Channels * box.Width * box.Height];
        for (var row = 0; row < box.Height; row++)
            Pixels.AsSpan(Channels * ((box.Top + row) * Width + box.Left), Channels * box.Width).CopyTo(pixels.AsSpan(Channels * row * box.Width));
        return new RgbImage(box.Width, box.Height, pixels);
    }
}

/// <summary>A rectangle of an image.</summary>
/// <param name="Left">Its first column.</param>
/// <param name="Top">Its first row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct CropBox(int Left, int Top, int Width, int Height);
