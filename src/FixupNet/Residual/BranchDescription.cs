using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Residual;

/// <summary>Collects what one residual branch is made of; see <see cref="ResidualTopology.Describe"/>.</summary>
public sealed class BranchDescription
{
    private readonly ModuleNames _names;
    private readonly List<WeightLayer> _layers = [];
    private readonly List<Parameter> _biases = [];
    private readonly List<NormLayer> _norms = [];
    private WeightLayer? _shortcut;
    private NormLayer? _shortcutNorm;
    private Parameter? _multiplier;

    internal BranchDescription(ModuleNames names) => _names = names;

    /// <summary>The branch's m weight layers, in forward order.</summary>
    /// <param name="layers">Convolutions, linear layers, or modules of yours with a parameter "weight" [out,in,…] and perhaps a "bias" [out].</param>
    /// <returns>This description.</returns>
    /// <exception cref="ArgumentException">A layer is no part of the network, or has no such weight.</exception>
    public BranchDescription Layers(params IEnumerable<nn.Module> layers)
    {
        _layers.AddRange(layers.Select(_names.LayerOf));
        return this;
    }

    /// <summary>The scalar biases in the branch.</summary>
    /// <param name="biases">The parameters [1].</param>
    /// <returns>This description.</returns>
    public BranchDescription Biases(params IEnumerable<Parameter> biases)
    {
        _biases.AddRange(biases);
        return this;
    }

    /// <summary>The scalar that multiplies the branch's output.</summary>
    /// <param name="scale">The parameter [1].</param>
    /// <returns>This description.</returns>
    public BranchDescription Multiplier(Parameter scale)
    {
        _multiplier = scale;
        return this;
    }

    /// <summary>The branch's normalization layers, in forward order.</summary>
    /// <param name="norms">Modules with parameters "weight" [C] and "bias" [C].</param>
    /// <returns>This description.</returns>
    /// <exception cref="ArgumentException">One is no part of the network, or has no such parameters.</exception>
    public BranchDescription Norms(params IEnumerable<nn.Module> norms)
    {
        _norms.AddRange(norms.Select(_names.NormOf));
        return this;
    }

    /// <summary>The layers of the shortcut, where it is not the block's input itself.</summary>
    /// <param name="layer">Its convolution or linear layer.</param>
    /// <param name="norm">Its normalization layer, if there is one.</param>
    /// <returns>This description.</returns>
    /// <exception cref="ArgumentException">One is no part of the network, or not such a layer.</exception>
    public BranchDescription Shortcut(nn.Module layer, nn.Module? norm = null)
    {
        (_shortcut, _shortcutNorm) = (_names.LayerOf(layer), norm is null ? null : _names.NormOf(norm));
        return this;
    }

    internal ResidualBranch Build(string name) => new(name, _layers, _shortcut, _multiplier, _biases, _norms, _shortcutNorm);
}
