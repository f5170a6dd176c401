using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Optimization.GradientTransforms;

/// <summary>Options of the "clip-norm" transform.</summary>
/// <param name="MaxNorm">The largest L2 norm of the whole gradient, above 0.</param>
public sealed record ClipNormOptions([property: Description("Largest L2 norm of the whole gradient."), Range(1e-12, 1e12)] double MaxNorm = 1);

/// <summary>Scales the whole gradient down to a norm: g ← g · min(1, max/(‖g‖ + 1e-6)), as PyTorch's clip_grad_norm_.</summary>
public sealed class ClipNorm : IGradientTransform
{
    // PyTorch's own.
    private const double Smallest = 1e-6;

    private readonly FlatGradients _gradients;
    private readonly ClipNormOptions _options;

    internal ClipNorm(TransformTarget target, ClipNormOptions options) => (_gradients, _options) = (target.Gradients, options);

    /// <inheritdoc/>
    public string Name => "clip-norm";

    /// <inheritdoc/>
    public Tensor Queue()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var factor = _options.MaxNorm / (_gradients.SquareSum().sqrt() + Smallest);
        // NaN clips nothing away: the gradient is not finite either way.
        var clips = factor.lt(1);
        _gradients.Whole.mul_(where(clips, factor, ones_like(factor)));
        return clips.to(ScalarType.Float64).MoveToOuterDisposeScope();
    }
}
