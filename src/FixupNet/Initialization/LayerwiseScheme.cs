using FixupNet.Registries;
using FixupNet.Residual;
using static TorchSharp.torch;

namespace FixupNet.Initialization;

/// <summary>A scheme that decides layer by layer: derive from it, state the rule for weights, and override what differs.</summary>
public abstract record LayerwiseScheme : IInitializationScheme
{
    /// <inheritdoc/>
    public virtual SchemeNeeds Needs => SchemeNeeds.Parameters;

    /// <inheritdoc/>
    public virtual InputKind Inputs => InputKind.Images | InputKind.Sentences;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <remarks>Weight layers are drawn in forward order. Multipliers become what their method starts with, scalar biases 0, gains 1 and shifts 0.</remarks>
    public virtual void Initialize(InitializationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        OptionsGuard.Check(this);
        using var noGradients = no_grad();
        var (topology, draw) = (context.Topology, new WeightDraw(context.Generator));
        foreach (var layer in topology.Stem)
        {
            if (layer.Kind == WeightKind.Embedding) Embedding(draw, layer, topology);
            else Stem(draw, layer);
        }
        foreach (var branch in topology.Branches) Branch(draw, branch, topology.BranchCount, topology.Depths);
        if (!topology.ClassifierIsTied) Classifier(draw, topology.Classifier);
        foreach (var scalar in topology.Scalars) draw.Fill(scalar, 0.0);
        foreach (var multiplier in topology.Multipliers) draw.Fill(multiplier.Factor, multiplier.Start);
        foreach (var norm in topology.Norms) Norm(draw, norm, 1.0);
        foreach (var layer in topology.WeightLayers)
            if (layer.Gain is not null) draw.Fill(layer.Gain, 1.0);
    }

    /// <summary>The rule for every weight layer that has no rule of its own; it must write weight and bias.</summary>
    /// <param name="draw">Writes values.</param>
    /// <param name="layer">The layer.</param>
    protected abstract void Weight(WeightDraw draw, WeightLayer layer);

    /// <summary>The rule for layers before the first branch; by default <see cref="Weight"/>.</summary>
    /// <param name="draw">Writes values.</param>
    /// <param name="layer">The layer.</param>
    protected virtual void Stem(WeightDraw draw, WeightLayer layer) => Weight(draw, layer);

    /// <summary>The rule for embeddings, of which a tied classifier is one; by default as Transformers are published.</summary>
    /// <param name="draw">Writes values.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="topology">The network.</param>
    protected virtual void Embedding(WeightDraw draw, WeightLayer layer, ResidualTopology topology) => draw.Embedding(layer);

    /// <summary>The rule for layers inside a branch; by default <see cref="Weight"/>.</summary>
    /// <param name="draw">Writes values.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="position">Where the layer stands.</param>
    protected virtual void BranchLayer(WeightDraw draw, WeightLayer layer, BranchPosition position) => Weight(draw, layer);

    /// <summary>The rule for the classifier; by default PyTorch's.</summary>
    /// <param name="draw">Writes values.</param>
    /// <param name="layer">The layer.</param>
    protected virtual void Classifier(WeightDraw draw, WeightLayer layer) => draw.FrameworkDefault(layer);

    /// <summary>The gain of the last normalization layer of a branch; 1 by default.</summary>
    protected virtual double LastNormGain => 1.0;

    private void Branch(WeightDraw draw, ResidualBranch branch, int branchCount, StackDepths depths)
    {
        var (layerCount, before) = (branch.Layers.Sum(layer => layer.LayerCount), 0);
        foreach (var layer in branch.Layers)
        {
            before += layer.LayerCount;
            BranchLayer(draw, layer, new BranchPosition(branchCount, layerCount, before - 1, branch.StrideOf(layer)) { Side = branch.Side, Depths = depths });
        }
        if (branch.Shortcut is not null) Weight(draw, branch.Shortcut);
        foreach (var bias in branch.Biases) draw.Fill(bias, 0.0);
        if (branch.Multiplier is not null) draw.Fill(branch.Multiplier, branch.MultiplierStart);
        for (var i = 0; i < branch.Norms.Count; i++) Norm(draw, branch.Norms[i], i == branch.Norms.Count - 1 ? LastNormGain : 1.0);
        if (branch.ShortcutNorm is not null) Norm(draw, branch.ShortcutNorm, 1.0);
    }

    private static void Norm(WeightDraw draw, NormLayer norm, double gain)
    {
        draw.Fill(norm.Weight, gain);
        draw.Fill(norm.Bias, 0.0);
    }
}
