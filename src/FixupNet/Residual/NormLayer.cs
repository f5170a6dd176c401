using TorchSharp.Modules;

namespace FixupNet.Residual;

/// <summary>A normalization layer as initialization and diagnostics see it.</summary>
/// <param name="Name">The layer's state-dict path, such as "layer1.0.bn1".</param>
/// <param name="Weight">Gain γ [C].</param>
/// <param name="Bias">Shift β [C].</param>
/// <param name="Scope">Over what it takes its statistics.</param>
public sealed record NormLayer(string Name, Parameter Weight, Parameter Bias, NormScope Scope = NormScope.Batch);
