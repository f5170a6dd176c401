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
    public TransformReading Apply()
    {
        using var noGradients = no_grad();
        double clipped = 0;
        foreach (var piece in _gradients.Pieces())
        {
            using var scope = NewDisposeScope();
            clipped += piece.abs().gt(_options.MaxValue).sum().ToInt64();
            piece.clamp_(-_options.MaxValue, _options.MaxValue);
        }
        return new TransformReading("clip-value", clipped / _elementCount);
    }
}
