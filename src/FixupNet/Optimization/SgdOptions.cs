using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Registries;

namespace FixupNet.Optimization;

/// <summary>Options of the "sgd" optimizer.</summary>
/// <param name="LearningRate">Step size η, above 0.</param>
/// <param name="ScalarLearningRateFactor">η of the scalar group as a multiple of <paramref name="LearningRate"/>, 0 or more.</param>
/// <param name="Momentum">μ, in [0, 1).</param>
/// <param name="WeightDecay">λ, 0 or more; on every parameter, scalars included.</param>
/// <param name="Nesterov">Whether to step along the gradient at the point that momentum is about to reach.</param>
/// <param name="ScalarGroup">Which parameters are scalars.</param>
/// <param name="ScalarBiasLearningRateFactor">η of the scalar biases as a multiple; null, the default, for <paramref name="ScalarLearningRateFactor"/>.</param>
/// <param name="MultiplierLearningRateFactor">η of the multipliers as a multiple; null, the default, for <paramref name="ScalarLearningRateFactor"/>.</param>
/// <param name="ScalarLearningRateRule">Whether the scalars' factors, all of them, fall with depth; by default fixed, as published.</param>
/// <param name="ScalarDepthThreshold">D₀, the residual branches up to which they do not fall; by default those of ResNet-110.</param>
/// <param name="ScalarDepthExponent">p, in [0, 10]: with L branches, more than D₀, the factors are multiplied by (D₀/L)^p.</param>
/// <remarks>The defaults are those of arXiv:1901.09321's published CIFAR command.</remarks>
public sealed record SgdOptions(
    [property: Description("Step size."), Range(1e-12, 1000.0)] double LearningRate = 0.1,
    [property: Description("Step size of the scalars as a multiple of the learning rate."), Range(0.0, 1000.0)] double ScalarLearningRateFactor = 0.1,
    [property: Description("Share of the last step kept."), Range(0.0, 0.999999)] double Momentum = 0.9,
    [property: Description("On every parameter, scalars included."), Range(0.0, 10.0)] double WeightDecay = 5e-4,
    [property: Description("Step along the gradient where momentum leads.")] bool Nesterov = false,
    [property: Description("Which parameters are scalars.")] ScalarGroupRule ScalarGroup = ScalarGroupRule.ByRole,
    [property: Description("Step size of the scalar biases as a multiple of the learning rate; null: as all scalars."), Range(0.0, 1000.0), AddedLater]
    double? ScalarBiasLearningRateFactor = null,
    [property: Description("Step size of the multipliers as a multiple of the learning rate; null: as all scalars."), Range(0.0, 1000.0), AddedLater]
    double? MultiplierLearningRateFactor = null,
    [property: Description("Whether the scalars' step sizes fall with depth."), AddedLater] ScalarRateRule ScalarLearningRateRule = ScalarRateRule.Fixed,
    [property: Description("With the rule \"depth\": residual branches up to which they do not fall."), Range(1.0, 1e6), AddedLater]
    double ScalarDepthThreshold = ScalarRates.PublishedDepth,
    [property: Description("With the rule \"depth\": the power of threshold/branches that multiplies them."), Range(0.0, 10.0), AddedLater]
    double ScalarDepthExponent = 1)
{
    /// <summary>The scalars' rates.</summary>
    internal ScalarRates ScalarRates => new(
        ScalarGroup, ScalarLearningRateFactor, ScalarBiasLearningRateFactor, MultiplierLearningRateFactor, ScalarLearningRateRule,
        ScalarDepthThreshold, ScalarDepthExponent);
}
