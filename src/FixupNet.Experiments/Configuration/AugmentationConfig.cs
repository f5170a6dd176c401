using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FixupNet.Experiments.Configuration;

/// <summary>How training images are varied.</summary>
/// <param name="Crop">Random crops after padding; default on.</param>
/// <param name="Flip">Random horizontal flips; default on.</param>
/// <param name="MixupAlpha">α of mixup's Beta(α, α), in [0, 100]; 0, the default, switches it off.</param>
public sealed record AugmentationConfig(
    [property: Description("Random crops after padding.")] bool Crop = true,
    [property: Description("Random horizontal flips.")] bool Flip = true,
    [property: Description("Mixup's alpha; 0 switches mixup off."), Range(0.0, 100.0)] double MixupAlpha = 0);
