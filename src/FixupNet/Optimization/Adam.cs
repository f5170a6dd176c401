using FixupNet.Registries;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Optimization;

/// <summary>Adam (arXiv:1412.6980) and, with decay apart from the gradient, AdamW (arXiv:1711.05101), as PyTorch computes them.</summary>
/// <remarks>
/// m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², w ← w − η/(1−β₁ᵗ) · m/(√v/√(1−β₂ᵗ) + ε) at step t. Adam adds λw to g first; AdamW multiplies w by 1 − ηλ
/// before the step.
/// </remarks>
public sealed class Adam : FlatOptimizer
{
    // PyTorch's own.
    private const double DefaultDecoupledDecay = 0.01;

    private readonly AdamOptions _options;
    private readonly FlatTensor _means;
    private readonly FlatTensor _squares;
    private readonly Tensor _steps;
    private readonly bool _decoupled;
    private readonly double _decay;
    private double _meanCorrection;
    private double _squareCorrection;

    /// <summary>Takes over the parameters.</summary>
    /// <param name="parameters">State-dict names and parameters, each once, all of one dtype and device.</param>
    /// <param name="options">Rates and decay.</param>
    /// <param name="topology">Knows which parameters are scalars; null: those of one element.</param>
    /// <param name="decoupled">True for AdamW.</param>
    /// <exception cref="ArgumentException">Options are out of range, a parameter has no place in the topology, or parameters are none, repeated or of different dtypes or devices.</exception>
    public Adam(IEnumerable<(string Name, Parameter Parameter)> parameters, AdamOptions options, ResidualTopology? topology = null, bool decoupled = false)
        : base(parameters, OptionsGuard.Checked(options).LearningRate, options.ScalarRates, topology)
    {
        (_options, _decoupled, _decay) = (options, decoupled, options.WeightDecay ?? (decoupled ? DefaultDecoupledDecay : 0));
        (_means, _squares) = (new FlatTensor(Gradients.Parameters), new FlatTensor(Gradients.Parameters));
        _steps = zeros([1], ScalarType.Int64, CPU).DetachFromDisposeScope();
        State = [.. StateOf("mean", _means), .. StateOf("square", _squares), ("steps", _steps)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor State)> State { get; }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _means.Dispose();
        _squares.Dispose();
        _steps.Dispose();
        base.Dispose();
    }

    private protected override void Begin()
    {
        _steps.add_(1);
        var step = _steps.ToInt64();
        (_meanCorrection, _squareCorrection) = (1 - Math.Pow(_options.Beta1, step), 1 - Math.Pow(_options.Beta2, step));
    }

    private protected override bool Update(RateRange range, double rate)
    {
        var areFinite = true;
        foreach (var (start, length) in FlatTensor.Pieces(range.Start, range.End))
        {
            using var scope = NewDisposeScope();
            var weights = Weights.Whole.narrow(0, start, length);
            var gradients = Gradients.Whole.narrow(0, start, length);
            if (_decoupled) weights.mul_(1 - rate * _decay);
            else if (_decay > 0) gradients = gradients + weights * _decay;
            var means = _means.Whole.narrow(0, start, length).mul_(_options.Beta1).add_(gradients, 1 - _options.Beta1);
            var squares = _squares.Whole.narrow(0, start, length).mul_(_options.Beta2).addcmul_(gradients, gradients, 1 - _options.Beta2);
            var roots = squares.sqrt().div_(Math.Sqrt(_squareCorrection)).add_(_options.Epsilon);
            weights.add_(means / roots, -rate / _meanCorrection);
            areFinite &= weights.isfinite().all().ToBoolean();
        }
        return areFinite;
    }
}
