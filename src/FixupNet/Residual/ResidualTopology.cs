using TorchSharp.Modules;

namespace FixupNet.Residual;

/// <summary>What a residual network tells initialization and diagnostics about itself: its parameters, and the part each one plays.</summary>
/// <remarks>
/// A network of your own is described in a few lines:
/// <code>
/// var topology = new ResidualTopology(
///     stem: [new("stem", stem.weight)],
///     branches: [.. blocks.Select((block, i) => new ResidualBranch($"blocks.{i}", [new("first", block.first.weight), new("last", block.last.weight)]))],
///     classifier: new("head", head.weight, head.bias));
/// FixupScheme.Apply(topology, seed: 1);
/// </code>
/// It holds the parameter objects of one moment: moving a module to another device or dtype replaces them, so describe it again after that.
/// </remarks>
public sealed class ResidualTopology
{
    /// <summary>Describes a network.</summary>
    /// <param name="stem">Weight layers before the first branch, in forward order.</param>
    /// <param name="branches">Residual branches in forward order; their number is the paper's L.</param>
    /// <param name="classifier">The last linear layer.</param>
    /// <param name="scalars">Scalar biases outside the branches.</param>
    /// <param name="norms">Normalization layers outside the branches, in forward order.</param>
    /// <exception cref="ArgumentException">A branch has no weight layer, or a parameter has two places.</exception>
    public ResidualTopology(
        IReadOnlyList<WeightLayer> stem,
        IReadOnlyList<ResidualBranch> branches,
        WeightLayer classifier,
        IReadOnlyList<Parameter>? scalars = null,
        IReadOnlyList<NormLayer>? norms = null)
    {
        (Stem, Branches, Classifier, Scalars, Norms) = (stem, branches, classifier, scalars ?? [], norms ?? []);
        WeightLayers = [.. stem, .. branches.SelectMany(branch => branch.WeightLayers), classifier];
        Parameters = [.. AllParameters()];
        foreach (var branch in branches)
            if (branch.Layers.Count == 0) throw new ArgumentException($"The branch \"{branch.Name}\" has no weight layer.", nameof(branches));
        var distinct = new HashSet<object>(Parameters, ReferenceEqualityComparer.Instance);
        if (distinct.Count != Parameters.Count)
            throw new ArgumentException($"{Parameters.Count - distinct.Count} parameters have more than one place in the topology.");
    }

    /// <summary>Weight layers before the first branch, in forward order.</summary>
    public IReadOnlyList<WeightLayer> Stem { get; }

    /// <summary>Residual branches in forward order.</summary>
    public IReadOnlyList<ResidualBranch> Branches { get; }

    /// <summary>The last linear layer.</summary>
    public WeightLayer Classifier { get; }

    /// <summary>Scalar biases outside the branches.</summary>
    public IReadOnlyList<Parameter> Scalars { get; }

    /// <summary>Normalization layers outside the branches, in forward order.</summary>
    public IReadOnlyList<NormLayer> Norms { get; }

    /// <summary>The paper's L.</summary>
    public int BranchCount => Branches.Count;

    /// <summary>Every weight layer in forward order: stem, each branch's layers and then its shortcut, classifier.</summary>
    public IReadOnlyList<WeightLayer> WeightLayers { get; }

    /// <summary>Every parameter once: the weight layers' in forward order, then scalars, then normalization layers'.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Every normalization layer: those outside the branches, then each branch's and its shortcut's.</summary>
    internal IEnumerable<NormLayer> NormLayers => Norms.Concat(Branches.SelectMany(branch => branch.NormLayers));

    private IEnumerable<Parameter> AllParameters()
    {
        foreach (var layer in WeightLayers)
        {
            yield return layer.Weight;
            if (layer.Bias is not null) yield return layer.Bias;
        }
        foreach (var scalar in Scalars.Concat(Branches.SelectMany(branch => branch.Scalars))) yield return scalar;
        foreach (var norm in NormLayers)
        {
            yield return norm.Weight;
            yield return norm.Bias;
        }
    }
}
