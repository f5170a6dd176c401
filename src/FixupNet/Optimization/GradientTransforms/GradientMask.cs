using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Optimization.GradientTransforms;

/// <summary>Takes the gradients of weights that were left out, so that those that begin at 0 stay there under every optimizer.</summary>
public sealed class GradientMask : IGradientTransform
{
    private readonly List<(Tensor Gradient, Tensor Mask)> _targets;
    private readonly Device _device;

    /// <summary>Holds weights where they are.</summary>
    /// <param name="target">What is trained.</param>
    /// <param name="masks">1 and 0 by the parameters' names, in their shapes; a parameter that is missing is trained as a whole.</param>
    public GradientMask(TransformTarget target, IReadOnlyDictionary<string, Tensor> masks) => (_targets, _device) = (
        [.. target.Parameters.Where(item => masks.ContainsKey(item.Name)).Select(item => (target.Gradients.Of(item.Parameter), masks[item.Name]))], target.Gradients.Whole.device);

    /// <inheritdoc/>
    public string Name => "mask";

    /// <inheritdoc/>
    public Tensor Queue()
    {
        using var noGradients = no_grad();
        foreach (var (gradient, mask) in _targets) gradient.mul_(mask);
        return zeros([], ScalarType.Float64, _device);
    }
}
