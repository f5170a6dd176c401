using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Registries;

namespace FixupNet.Experiments.Configuration;

/// <summary>How training images are varied.</summary>
/// <param name="Crop">Random crops after padding; default on.</param>
/// <param name="Flip">Random horizontal flips; default on.</param>
/// <param name="MixupAlpha">α of mixup's Beta(α, α), in [0, 100]; 0, the default, switches it off.</param>
/// <param name="Cutout">Side of a square in pixels that is erased of every image, in [0, 64]; 0, the default, for none.</param>
/// <param name="RandomErasing">Probability that a random rectangle of an image is erased, in [0, 1]; 0, the default, for never.</param>
public sealed record AugmentationConfig(
    [property: Description("Random crops after padding.")] bool Crop = true,
    [property: Description("Random horizontal flips.")] bool Flip = true,
    [property: Description("Mixup's alpha; 0 switches mixup off."), Range(0.0, 100.0)] double MixupAlpha = 0,
    [property: Description("Side of a square in pixels that is erased of every image."), Range(0, 64), AddedLater] int Cutout = 0,
    [property: Description("Probability that a random rectangle of an image is erased."), Range(0.0, 1.0), AddedLater] double RandomErasing = 0);
