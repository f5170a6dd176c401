using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Registries;

namespace FixupNet.Training.Data.Images;

/// <summary>Options of the "image-folder" dataset.</summary>
/// <param name="Root">The folder with train/CLASS/* and val/CLASS/*, or a file that was packed of it, relative to the document.</param>
/// <param name="Size">Height and width, in pixels, of the images that a network is given.</param>
/// <param name="Resize">What the shorter side of an image to measure on is brought to before its centre is cut out; null for 8/7 of <paramref name="Size"/>: 256 for 224.</param>
/// <param name="Mean">Mean of red, green and blue as fractions of 255; null for ImageNet's.</param>
/// <param name="Deviation">Standard deviation of red, green and blue as fractions of 255; null for ImageNet's.</param>
/// <param name="MinCropArea">The smallest share of an image's area that a random crop shows.</param>
/// <param name="MaxCropArea">The largest share.</param>
/// <param name="ColorJitter">How far brightness, contrast and saturation of training images vary: factors of 1 ± this; 0 for not at all.</param>
/// <param name="HueJitter">How far the hue of training images turns: ± this part of a whole turn; 0 for not at all.</param>
/// <param name="OnBadImage">What is done with an image that cannot be decoded.</param>
/// <param name="Threads">Threads that decode; null for one a processor. What they make does not depend on it.</param>
public sealed record ImageFolderOptions(
    [property: Description("The folder with train/CLASS/* and val/CLASS/*, or a file packed of it."), FilePath] string Root,
    [property: Description("Height and width of the images that a network is given."), Range(8, 1024)] int Size = 224,
    [property: Description("What the shorter side is brought to for measuring; null: 8/7 of the size."), Range(8, 2048)] int? Resize = null,
    [property: Description("Mean of red, green and blue as fractions of 255; null: ImageNet's."), Range(0.0, 1.0)] IReadOnlyList<double>? Mean = null,
    [property: Description("Deviation of red, green and blue as fractions of 255; null: ImageNet's."), Range(1e-3, 10.0)] IReadOnlyList<double>? Deviation = null,
    [property: Description("Smallest share of an image that a random crop shows."), Range(0.001, 1.0)] double MinCropArea = 0.08,
    [property: Description("Largest share of an image that a random crop shows."), Range(0.001, 1.0)] double MaxCropArea = 1,
    [property: Description("How far brightness, contrast and saturation vary; 0: not at all."), Range(0.0, 1.0)] double ColorJitter = 0,
    [property: Description("How far the hue turns, as a part of a whole turn; 0: not at all."), Range(0.0, 0.5), AddedLater] double HueJitter = 0,
    [property: Description("What is done with an image that cannot be decoded.")] BadImageRule OnBadImage = BadImageRule.Stop,
    [property: Description("Threads that decode; null: one a processor."), Range(1, 1024)] int? Threads = null) : IValidatedOptions
{
    private static readonly double[] s_imageNetMean = [0.485, 0.456, 0.406];
    private static readonly double[] s_imageNetDeviation = [0.229, 0.224, 0.225];

    /// <summary>What images to measure on are brought to.</summary>
    internal int EvaluationSize => Resize ?? (int)Math.Round(Size * 8 / 7.0);

    /// <summary>How far colours vary; null for not at all.</summary>
    internal ColorJitterOptions? Jitter => ColorJitter > 0 || HueJitter > 0 ? new ColorJitterOptions(ColorJitter, HueJitter) : null;

    internal ChannelNormalization Normalization => new(Mean ?? s_imageNetMean, Deviation ?? s_imageNetDeviation);

    /// <inheritdoc/>
    public IEnumerable<(string Member, string Message)> Validate()
    {
        if (Resize < Size) yield return (nameof(Resize), $"must be at least the size of {Size}, which is cut out of it");
        if (MaxCropArea < MinCropArea) yield return (nameof(MaxCropArea), FormattableString.Invariant($"must be at least minCropArea, which is {MinCropArea}"));
        foreach (var (member, values) in ((string, IReadOnlyList<double>?)[])[(nameof(Mean), Mean), (nameof(Deviation), Deviation)])
            if (values is not null && values.Count != RgbImage.Channels) yield return (member, "must be three numbers: of red, green and blue");
    }
}
