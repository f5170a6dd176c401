using static TorchSharp.torch;

namespace FixupNet.Optimization;

/// <summary>The tensors of an SGD step, live: all parameters' values, gradients and momentum, [total] each, in the same order with the same gaps.</summary>
/// <param name="Weights">Values.</param>
/// <param name="Gradients">Gradients.</param>
/// <param name="Velocities">Momentum.</param>
/// <param name="Ranges">Which elements learn at which rate, one range after the other.</param>
public sealed record SgdTensors(Tensor Weights, Tensor Gradients, Tensor Velocities, IReadOnlyList<RateRange> Ranges);

/// <summary>Elements that learn at one rate.</summary>
/// <param name="Start">The first one.</param>
/// <param name="End">The one after the last.</param>
/// <param name="LearningRateFactor">Their rate as a multiple of the weights'.</param>
public readonly record struct RateRange(long Start, long End, double LearningRateFactor);
