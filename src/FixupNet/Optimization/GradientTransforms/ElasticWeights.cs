using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Optimization.GradientTransforms;

/// <summary>Elastic weight consolidation (arXiv:1612.00796): adds the gradient of (λ/2)·Σ_j Σ_i F_i⁽ʲ⁾(θ_i − θ_i⁽ʲ⁾)², j over the tasks learned before.</summary>
/// <remarks>Of any number of tasks two tensors a parameter are kept: the gradient is λ(θ·ΣF − ΣF·θ⁽ʲ⁾). The loss that is recorded is without the penalty.</remarks>
public sealed class ElasticWeights : IGradientTransform
{
    private readonly List<(Parameter Weights, Tensor Gradient, Tensor Stiffness, Tensor Pull)> _targets;
    private readonly double _strength;
    private readonly Device _device;

    /// <summary>Ties weights to what they were.</summary>
    /// <param name="target">What is trained.</param>
    /// <param name="stiffness">ΣF⁽ʲ⁾ by the parameters' names; a parameter that is missing is free.</param>
    /// <param name="pull">ΣF⁽ʲ⁾θ⁽ʲ⁾ by the same names.</param>
    /// <param name="strength">λ, 0 or more.</param>
    public ElasticWeights(TransformTarget target, IReadOnlyDictionary<string, Tensor> stiffness, IReadOnlyDictionary<string, Tensor> pull, double strength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(strength);
        (_strength, _device) = (strength, target.Gradients.Whole.device);
        _targets = [.. target.Parameters.Where(item => stiffness.ContainsKey(item.Name)).Select(item => (item.Parameter, target.Gradients.Of(item.Parameter), stiffness[item.Name], pull[item.Name]))];
    }

    /// <inheritdoc/>
    public string Name => "elastic-weights";

    /// <inheritdoc/>
    public Tensor Queue()
    {
        using var noGradients = no_grad();
        foreach (var (weights, gradient, stiffness, pull) in _targets)
        {
            using var scope = NewDisposeScope();
            gradient.add_((weights * stiffness - pull).mul_(_strength));
        }
        // It bends, and clips nothing.
        return zeros([], ScalarType.Float64, _device);
    }
}
