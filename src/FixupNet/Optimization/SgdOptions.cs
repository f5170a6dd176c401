using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FixupNet.Optimization;

/// <summary>Options of the "sgd" optimizer.</summary>
/// <param name="LearningRate">Step size η, above 0.</param>
/// <param name="ScalarLearningRateFactor">η of the scalar group as a multiple of <paramref name="LearningRate"/>, 0 or more.</param>
/// <param name="Momentum">μ, in [0, 1).</param>
/// <param name="WeightDecay">λ, 0 or more; on every parameter, scalars included.</param>
/// <param name="Nesterov">Whether to step along the gradient at the point that momentum is about to reach.</param>
/// <param name="ScalarGroup">Which parameters are scalars.</param>
/// <remarks>The defaults are those of arXiv:1901.09321's published CIFAR command.</remarks>
public sealed record SgdOptions(
    [property: Description("Step size."), Range(1e-12, 1000.0)] double LearningRate = 0.1,
    [property: Description("Step size of the scalars as a multiple of the learning rate."), Range(0.0, 1000.0)] double ScalarLearningRateFactor = 0.1,
    [property: Description("Share of the last step kept."), Range(0.0, 0.999999)] double Momentum = 0.9,
    [property: Description("On every parameter, scalars included."), Range(0.0, 10.0)] double WeightDecay = 5e-4,
    [property: Description("Step along the gradient where momentum leads.")] bool Nesterov = false,
    [property: Description("Which parameters are scalars.")] ScalarGroupRule ScalarGroup = ScalarGroupRule.ByRole);
