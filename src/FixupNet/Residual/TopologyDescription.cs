using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Residual;

/// <summary>Collects the places of a module's layers; see <see cref="ResidualTopology.Describe"/>.</summary>
public sealed class TopologyDescription
{
    private readonly ModuleNames _names;
    private readonly List<WeightLayer> _stem = [];
    private readonly List<ResidualBranch> _branches = [];
    private readonly List<Parameter> _scalars = [];
    private readonly List<NormLayer> _norms = [];
    private WeightLayer? _classifier;

    internal TopologyDescription(ModuleNames names) => _names = names;

    /// <summary>Layers before the first branch, in forward order.</summary>
    /// <param name="layers">Convolutions, linear layers, or modules of yours with a parameter "weight" [out,in,…] and perhaps a "bias" [out].</param>
    /// <returns>This description.</returns>
    /// <exception cref="ArgumentException">A layer is no part of the network, or has no such weight.</exception>
    public TopologyDescription Stem(params IEnumerable<nn.Module> layers)
    {
        _stem.AddRange(layers.Select(_names.LayerOf));
        return this;
    }

    /// <summary>One residual branch after those described before.</summary>
    /// <param name="block">The module that holds the branch; its name is the branch's.</param>
    /// <param name="describe">Says what the branch is made of.</param>
    /// <returns>This description.</returns>
    /// <exception cref="ArgumentException">The block, or something of it, is no part of the network.</exception>
    public TopologyDescription Branch(nn.Module block, Action<BranchDescription> describe)
    {
        var branch = new BranchDescription(_names);
        describe(branch);
        _branches.Add(branch.Build(_names.Of(block)));
        return this;
    }

    /// <summary>Residual branches after those described before, in forward order.</summary>
    /// <typeparam name="TBlock">Their modules' type.</typeparam>
    /// <param name="blocks">The modules, such as a ModuleList.</param>
    /// <param name="describe">Says what a block's branch is made of.</param>
    /// <returns>This description.</returns>
    /// <exception cref="ArgumentException">A block, or something of it, is no part of the network.</exception>
    public TopologyDescription Branches<TBlock>(IEnumerable<TBlock> blocks, Action<BranchDescription, TBlock> describe) where TBlock : nn.Module
    {
        foreach (var block in blocks) Branch(block, branch => describe(branch, block));
        return this;
    }

    /// <summary>The classifier: the last linear layer, whatever stands between it and the last branch.</summary>
    /// <param name="classifier">The layer.</param>
    /// <returns>This description.</returns>
    /// <exception cref="ArgumentException">It is no part of the network, or there are two.</exception>
    public TopologyDescription Head(nn.Module classifier)
    {
        var layer = _names.LayerOf(classifier);
        if (_classifier is not null) throw new ArgumentException($"\"{layer.Name}\" cannot be the classifier, which is \"{_classifier.Name}\": a network has one.", nameof(classifier));
        _classifier = layer;
        return this;
    }

    /// <summary>Scalar biases outside the branches.</summary>
    /// <param name="biases">The parameters [1].</param>
    /// <returns>This description.</returns>
    public TopologyDescription Scalars(params IEnumerable<Parameter> biases)
    {
        _scalars.AddRange(biases);
        return this;
    }

    /// <summary>Normalization layers outside the branches, in forward order.</summary>
    /// <param name="norms">Modules with parameters "weight" [C] and "bias" [C].</param>
    /// <returns>This description.</returns>
    /// <exception cref="ArgumentException">One is no part of the network, or has no such parameters.</exception>
    public TopologyDescription Norms(params IEnumerable<nn.Module> norms)
    {
        _norms.AddRange(norms.Select(_names.NormOf));
        return this;
    }

    internal ResidualTopology Build()
    {
        if (_classifier is null)
            throw new ArgumentException("No classifier is described: Head names the last linear layer, which initializations treat by rules of its own.");
        _names.RequireEachOnce(
        [
            .. _stem.Concat(_branches.SelectMany(branch => branch.WeightLayers)).Append(_classifier).SelectMany(layer => layer.Parameters).Select(item => item.Parameter),
            .. _scalars, .. _branches.SelectMany(branch => branch.Scalars),
            .. _norms.Concat(_branches.SelectMany(branch => branch.NormLayers)).SelectMany(norm => (Parameter[])[norm.Weight, norm.Bias]),
        ]);
        return new ResidualTopology(_stem, _branches, _classifier, _scalars, _norms);
    }
}
