using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Optimization.GradientTransforms;

/// <summary>What adaptive clipping does with parameters that an initialization sets to 0.</summary>
public enum ZeroInitialized
{
    /// <summary>Leaves their gradients alone.</summary>
    Exclude,

    /// <summary>Clips them like all others, to ε times the clipping factor at first.</summary>
    Clip,
}

/// <summary>Options of the "agc" transform.</summary>
/// <param name="Clipping">λ, the largest norm of a unit's gradient as a multiple of its weights' norm, above 0.</param>
/// <param name="Epsilon">ε, the least that a unit's weights count as, above 0.</param>
/// <param name="ZeroInitialized">What is done with parameters that begin at 0.</param>
/// <param name="Classifier">Whether the classifier's weight and bias are clipped too.</param>
/// <remarks>λ and ε are the published code's.</remarks>
public sealed record AgcOptions(
    [property: Description("Largest gradient of a unit as a multiple of its weights."), Range(1e-12, 1e6)] double Clipping = 0.01,
    [property: Description("The least that a unit's weights count as."), Range(1e-12, 1e6)] double Epsilon = 1e-3,
    [property: Description("What is done with parameters that begin at 0.")] ZeroInitialized ZeroInitialized = ZeroInitialized.Exclude,
    [property: Description("Whether the classifier is clipped too.")] bool Classifier = false);

/// <summary>Adaptive gradient clipping (arXiv:2102.06171): where ‖G‖ > c = λ·max(‖W‖, ε), G ← G·c/max(‖G‖, 1e-6), unit by unit.</summary>
/// <remarks>
/// A unit is an output channel of a convolution, a row of a matrix, and any other parameter as a whole. A parameter of zeros would be allowed
/// gradients of 1e-5, and what it learns by them allows little more: under Fixup, which starts the last layer of every branch at 0, branches
/// would hardly ever begin to learn. So parameters that begin at 0 are excluded unless asked for.
/// </remarks>
public sealed class Agc : IGradientTransform
{
    // The published code's.
    private const double SmallestNorm = 1e-6;

    private readonly List<(Parameter Weights, Tensor Gradient)> _targets = [];
    private readonly AgcOptions _options;
    private readonly Device _device;
    private readonly long _unitCount;

    internal Agc(TransformTarget target, AgcOptions options)
    {
        (_options, _device) = (options, target.Gradients.Whole.device);
        foreach (var (name, parameter) in target.Parameters)
        {
            if (options.ZeroInitialized == ZeroInitialized.Exclude && target.ZeroInitialized.Contains(name)) continue;
            if (!options.Classifier && IsOfClassifier(parameter, target)) continue;
            _targets.Add((parameter, target.Gradients.Of(parameter)));
            _unitCount += UnitCount(parameter);
        }
    }

    /// <inheritdoc/>
    public string Name => "agc";

    /// <inheritdoc/>
    public Tensor Queue()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var clipped = zeros([], ScalarType.Float64, _device);
        foreach (var (weights, gradient) in _targets) Clip(weights, gradient, clipped);
        return clipped.div_(Math.Max(1, _unitCount)).MoveToOuterDisposeScope();
    }

    private void Clip(Tensor weights, Tensor gradient, Tensor clipped)
    {
        using var scope = NewDisposeScope();
        var units = gradient.view(UnitCount(gradient), -1);
        var (norms, limits) = (Norms(units), Norms(weights.view(units.shape)).clamp_(min: _options.Epsilon).mul_(_options.Clipping));
        var exceeds = norms.gt(limits);
        var factors = where(exceeds, limits / norms.clamp(min: SmallestNorm), ones_like(limits));
        units.mul_(factors.to(units.dtype));
        clipped.add_(exceeds.sum());
    }

    private static Tensor Norms(Tensor units) => units.to(ScalarType.Float64).square().sum(1, keepdim: true).sqrt();

    private static long UnitCount(Tensor tensor) => tensor.dim() > 1 ? tensor.shape[0] : 1;

    private static bool IsOfClassifier(Parameter parameter, TransformTarget target) => target.Topology is { } topology
        && (ReferenceEquals(parameter, topology.Classifier.Weight) || ReferenceEquals(parameter, topology.Classifier.Bias));
}
