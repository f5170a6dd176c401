using static TorchSharp.torch;

namespace FixupNet.Optimization;

/// <summary>The tensors of an SGD step, live: all parameters' values, gradients and momentum, [total] each, in the same order with the same gaps.</summary>
/// <param name="Weights">Values.</param>
/// <param name="Gradients">Gradients.</param>
/// <param name="Velocities">Momentum.</param>
/// <param name="WeightGroupLength">Elements at the full learning rate; those behind learn at the scalars' rate.</param>
public sealed record SgdTensors(Tensor Weights, Tensor Gradients, Tensor Velocities, long WeightGroupLength);
