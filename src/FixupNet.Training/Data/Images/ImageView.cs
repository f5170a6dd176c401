using FixupNet.Randomness;

namespace FixupNet.Training.Data.Images;

/// <summary>How an image of any size becomes one of the network's.</summary>
/// <param name="Size">Height and width that the network is given, in pixels.</param>
/// <param name="MinArea">Smallest share of the area that a random crop shows.</param>
/// <param name="Flip">Whether half of the training images are mirrored.</param>
/// <param name="EvaluationSize">What the shorter side is brought to before the centre is cut out, at least <paramref name="Size"/>.</param>
public sealed record ImageView(int Size, double MinArea, bool Flip, int EvaluationSize)
{
    /// <summary>Bytes of an image as the network is given it.</summary>
    public int ByteCount => RgbImage.Channels * Size * Size;

    /// <summary>A training example: a random crop, resized, mirrored or not.</summary>
    /// <param name="image">The decoded image.</param>
    /// <param name="seed">Decides crop and mirroring.</param>
    /// <param name="planes">Where the red, the green and the blue plane go: <see cref="ByteCount"/> bytes.</param>
    public void Training(RgbImage image, ulong seed, Span<byte> planes)
    {
        var random = new CounterRandom(seed);
        var box = CropDraws.RandomResized(ref random, image.Width, image.Height, MinArea);
        var mirrored = Flip && random.NextInt(2) == 1;
        ToPlanes(BilinearResize.Run(image.Crop(box), Size, Size), mirrored, planes);
    }

    /// <summary>An image to measure on: resized, its centre cut out.</summary>
    /// <param name="image">The decoded image.</param>
    /// <param name="planes">Where the red, the green and the blue plane go: <see cref="ByteCount"/> bytes.</param>
    public void Evaluation(RgbImage image, Span<byte> planes)
    {
        var (width, height) = CropDraws.Resized(image.Width, image.Height, EvaluationSize);
        ToPlanes(BilinearResize.Run(image, width, height).Crop(CropDraws.Centre(width, height, Size)), false, planes);
    }

    private void ToPlanes(RgbImage image, bool mirrored, Span<byte> planes)
    {
        for (var row = 0; row < Size; row++)
        {
            for (var column = 0; column < Size; column++)
            {
                var from = RgbImage.Channels * (row * Size + (mirrored ? Size - 1 - column : column));
                for (var channel = 0; channel < RgbImage.Channels; channel++)
                    planes[(channel * Size + row) * Size + column] = image.Pixels[from + channel];
            }
        }
    }
}
