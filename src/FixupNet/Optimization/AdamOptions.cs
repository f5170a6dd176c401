using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FixupNet.Optimization;

/// <summary>Options of the optimizers "adam" and "adamw".</summary>
/// <param name="LearningRate">Step size η, above 0.</param>
/// <param name="ScalarLearningRateFactor">η of the scalars as a multiple of <paramref name="LearningRate"/>, 0 or more; 1, the default, for no difference.</param>
/// <param name="Beta1">β₁, the share of the mean gradient kept, in [0, 1).</param>
/// <param name="Beta2">β₂, the share of the mean square kept, in [0, 1).</param>
/// <param name="Epsilon">ε, added to the root of the mean square, above 0.</param>
/// <param name="WeightDecay">λ, 0 or more, on every parameter; null, the default, for 0 in adam and 0.01 in adamw.</param>
/// <param name="ScalarGroup">Which parameters are scalars.</param>
/// <param name="ScalarBiasLearningRateFactor">η of the scalar biases as a multiple; null, the default, for <paramref name="ScalarLearningRateFactor"/>.</param>
/// <param name="MultiplierLearningRateFactor">η of the multipliers as a multiple; null, the default, for <paramref name="ScalarLearningRateFactor"/>.</param>
/// <param name="ScalarLearningRateRule">Whether the scalars' factors, all of them, fall with depth.</param>
/// <param name="ScalarDepthThreshold">D₀, the residual branches up to which they do not fall.</param>
/// <param name="ScalarDepthExponent">p, in [0, 10]: with L branches, more than D₀, the factors are multiplied by (D₀/L)^p.</param>
/// <remarks>The defaults are PyTorch's.</remarks>
public sealed record AdamOptions(
    [property: Description("Step size."), Range(1e-12, 1000.0)] double LearningRate = 1e-3,
    [property: Description("Step size of the scalars as a multiple of the learning rate."), Range(0.0, 1000.0)] double ScalarLearningRateFactor = 1,
    [property: Description("Share of the mean gradient kept."), Range(0.0, 0.999999)] double Beta1 = 0.9,
    [property: Description("Share of the mean square kept."), Range(0.0, 0.999999999)] double Beta2 = 0.999,
    [property: Description("Added to the root of the mean square."), Range(1e-30, 1.0)] double Epsilon = 1e-8,
    [property: Description("On every parameter; null: 0 in adam, 0.01 in adamw."), Range(0.0, 10.0)] double? WeightDecay = null,
    [property: Description("Which parameters are scalars.")] ScalarGroupRule ScalarGroup = ScalarGroupRule.ByRole,
    [property: Description("Step size of the scalar biases as a multiple of the learning rate; null: as all scalars."), Range(0.0, 1000.0)]
    double? ScalarBiasLearningRateFactor = null,
    [property: Description("Step size of the multipliers as a multiple of the learning rate; null: as all scalars."), Range(0.0, 1000.0)]
    double? MultiplierLearningRateFactor = null,
    [property: Description("Whether the scalars' step sizes fall with depth.")] ScalarRateRule ScalarLearningRateRule = ScalarRateRule.Fixed,
    [property: Description("With the rule \"depth\": residual branches up to which they do not fall."), Range(1.0, 1e6)]
    double ScalarDepthThreshold = ScalarRates.PublishedDepth,
    [property: Description("With the rule \"depth\": the power of threshold/branches that multiplies them."), Range(0.0, 10.0)]
    double ScalarDepthExponent = 1)
{
    /// <summary>The scalars' rates.</summary>
    internal ScalarRates ScalarRates => new(
        ScalarGroup, ScalarLearningRateFactor, ScalarBiasLearningRateFactor, MultiplierLearningRateFactor, ScalarLearningRateRule,
        ScalarDepthThreshold, ScalarDepthExponent);
}
