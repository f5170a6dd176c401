using FixupNet.Randomness;

namespace FixupNet.Training.Data.Images;

/// <summary>How an image of any size becomes one of the network's.</summary>
/// <param name="Size">Height and width that the network is given, in pixels.</param>
/// <param name="EvaluationSize">What the shorter side is brought to before the centre is cut out, at least <paramref name="Size"/>.</param>
/// <param name="Crop">Random crops of training images; null shows them as images to measure on.</param>
/// <param name="Flip">Whether half of the training images are mirrored.</param>
/// <param name="ColorJitter">How far the colours of training images vary; null for not at all.</param>
public sealed record ImageView(int Size, int EvaluationSize, CropAreas? Crop, bool Flip, ColorJitterOptions? ColorJitter = null)
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
        var shown = Crop is null
            ? Centre(image)
            : BilinearResize.Run(image.Crop(CropDraws.RandomResized(ref random, image.Width, image.Height, Crop)), Size, Size);
        var mirrored = Flip && random.NextInt(2) == 1;
        if (ColorJitter is { } jitter) shown = Images.ColorJitter.Apply(ref random, shown, jitter);
        ToPlanes(shown, mirrored, planes);
    }

    /// <summary>An image to measure on: resized, its centre cut out.</summary>
    /// <param name="image">The decoded image.</param>
    /// <param name="planes">Where the red, the green and the blue plane go: <see cref="ByteCount"/> bytes.</param>
    public void Evaluation(RgbImage image, Span<byte> planes) => ToPlanes(Centre(image), false, planes);

    private RgbImage Centre(RgbImage image)
    {
        var (width, height) = CropDraws.Resized(image.Width, image.Height, EvaluationSize);
        return BilinearResize.Run(image, width, height, CropDraws.Centre(width, height, Size));
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
