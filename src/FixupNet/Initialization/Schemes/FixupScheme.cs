using FixupNet.Residual;

namespace FixupNet.Initialization.Schemes;

/// <summary>Fixup: residual networks train without normalization, at any depth.</summary>
/// <remarks>
/// arXiv:1901.09321, Sec. 3. Rule 1: classifier and the last layer of each branch are 0. Rule 2: the other layers of a branch are He
/// normal by fan-out times L^(-1/(2m-2)). Rule 3, the scalars, belongs to the model; here biases become 0 and multipliers 1. As in the
/// published code the stem keeps the framework's default, uniform ±1/sqrt(fan_in), and shortcut weights are He normal by fan-out
/// without the factor.
/// </remarks>
public sealed record FixupScheme : LayerwiseScheme
{
    /// <summary>Initializes a network on the CPU's generator, in one call.</summary>
    /// <param name="topology">The network.</param>
    /// <param name="seed">The seed of the generator.</param>
    public static void Apply(ResidualTopology topology, long seed) => SchemeExtensions.Apply(new FixupScheme(), topology, seed);

    /// <inheritdoc/>
    protected override void Weight(WeightDraw draw, WeightLayer layer) => draw.HeFanOut(layer);

    /// <inheritdoc/>
    protected override void Stem(WeightDraw draw, WeightLayer layer) => draw.FrameworkDefault(layer);

    /// <inheritdoc/>
    protected override void BranchLayer(WeightDraw draw, WeightLayer layer, BranchPosition position)
    {
        if (position.IsLast) draw.Zero(layer);
        else draw.HeFanOut(layer, BranchScale.Of(position.BranchCount, position.LayerCount));
    }

    /// <inheritdoc/>
    protected override void Classifier(WeightDraw draw, WeightLayer layer) => draw.Zero(layer);
}
