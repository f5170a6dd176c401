using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Residual;

namespace FixupNet.Initialization.Schemes;

/// <summary>Orthogonal weights: every convolution, stem and shortcuts included, as a matrix of its outputs; the classifier keeps the framework's default.</summary>
/// <param name="Gain">Multiplies every weight, in (0, 100]; √2 keeps the variance through a ReLU.</param>
/// <remarks>arXiv:1312.6120. The weight [out, in·k·k] has orthonormal rows, or columns where there are more outputs than inputs of one.</remarks>
public sealed record OrthogonalScheme(
    [property: Description("Multiplies every orthonormal weight."), Range(1e-6, 100.0)] double Gain = 1.4142135623730951) : LayerwiseScheme
{
    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.Orthogonal(layer, Gain);
}
