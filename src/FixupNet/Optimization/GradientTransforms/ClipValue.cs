using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Optimization.GradientTransforms;

/// <summary>Options of the "clip-value" transform.</summary>
/// <param name="MaxValue">The largest magnitude of an element, above 0.</param>
public sealed record ClipValueOptions([property: Description("Largest magnitude of an element."), Range(1e-12, 1e12)] double MaxValue = 1);

/// <summary>Brings every element into [−max, max], as PyTorch's clip_grad_value_.</summary>
public sealed class ClipValue : IGradientTransform
{
    private readonly FlatGradients _gradients;
    private readonly ClipValueOptions _options;
    private readonly double _elementCount;

    internal ClipValue(TransformTarget target, ClipValueOptions options) =>
        (_gradients, _options, _elementCount) = (target.Gradients, options, target.Parameters.Sum(item => (double)item.Parameter.numel()));

    /// <inheritdoc/>
    public string Name => "clip-value";

    /// <inheritdoc/>
    public Tensor Queue()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var clipped = zeros([], ScalarType.Float64, _gradients.Whole.device);
        foreach (var piece in _gradients.Pieces())
        {
            using var pieceScope = NewDisposeScope();
            clipped.add_(piece.abs().gt(_options.MaxValue).sum());
            piece.clamp_(-_options.MaxValue, _options.MaxValue);
        }
        return clipped.div_(_elementCount).MoveToOuterDisposeScope();
    }
}
