using FixupNet.Registries;

namespace FixupNet.Optimization.GradientTransforms;

/// <summary>The registry of gradient transforms: one line a transform.</summary>
public static class GradientTransformRegistry
{
    /// <summary>Every transform, in listing order.</summary>
    public static Registry<GradientTransformEntry> All { get; } = new("gradient transform",
        GradientTransformEntry.Of<AgcOptions>("agc", "Adaptive clipping: of each unit, relative to its weights", (target, options) => new Agc(target, options)),
        GradientTransformEntry.Of<ClipNormOptions>("clip-norm", "Clips the norm of the whole gradient", (target, options) => new ClipNorm(target, options)),
        GradientTransformEntry.Of<ClipValueOptions>("clip-value", "Clips every element", (target, options) => new ClipValue(target, options)));
}
