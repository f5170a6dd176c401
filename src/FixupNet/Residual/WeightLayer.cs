using TorchSharp.Modules;

namespace FixupNet.Residual;

/// <summary>A convolution or linear layer as initialization and diagnostics see it.</summary>
/// <param name="Name">The layer's state-dict path, such as "layer1.0.conv1".</param>
/// <param name="Weight">Weight [out,in] or [out,in,kH,kW].</param>
/// <param name="Bias">Bias [out], if the layer has one.</param>
public sealed record WeightLayer(string Name, Parameter Weight, Parameter? Bias = null);
