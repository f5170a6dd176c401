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
public sealed class Adam : FlatOptimizer, IQueuedOptimizer
{
    // PyTorch's own.
    private const double DefaultDecoupledDecay = 0.01;

    private readonly AdamOptions _options;
    private readonly FlatTensor _means;
    private readonly FlatTensor _squares;
    private readonly Tensor _steps;
    private readonly bool _decoupled;
    private readonly double _decay;

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

    /// <inheritdoc/>
    public int NumberCount => 1 + 2 * Ranges.Count;

    /// <inheritdoc/>
    public double[] Numbers(long ahead, double learningRateFactor)
    {
        // √(1−β₂ᵗ), then of each range 1 − ηλ and η/(1−β₁ᵗ).
        var step = _steps.ToInt64() + ahead + 1;
        var (mean, square) = (1 - Math.Pow(_options.Beta1, step), 1 - Math.Pow(_options.Beta2, step));
        return [Math.Sqrt(square), .. Ranges.Select(range => RateOf(range, learningRateFactor)).SelectMany(rate => (double[])[1 - rate * _decay, rate / mean])];
    }

    /// <inheritdoc/>
    public Tensor Queue(Tensor numbers, Tensor isAllowed) => Change(numbers, isAllowed);

    /// <inheritdoc/>
    public void Count()
    {
        using var noGradients = no_grad();
        _steps.add_(1);
    }

    private protected override bool Update(double learningRateFactor)
    {
        using var scope = NewDisposeScope();
        var numbers = tensor(Numbers(ahead: 0, learningRateFactor), ScalarType.Float64).to(Weights.Whole.device);
        Count();
        return Change(numbers, isAllowed: null).ToBoolean();
    }

    // The update, on the host and in a captured step: there it is computed beside the state and taken where it is allowed.
    private Tensor Change(Tensor numbers, Tensor? isAllowed)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var typed = numbers.to(Weights.Whole.dtype);
        Tensor Number(int index) => typed.narrow(0, index, 1).squeeze(0);
        var areFinite = ones([], ScalarType.Float64, Weights.Whole.device);
        foreach (var (index, range) in Ranges.Index())
        {
            foreach (var (start, length) in FlatTensor.Pieces(range.Start, range.End))
            {
                using var pieceScope = NewDisposeScope();
                Tensor[] state = [.. ((FlatTensor[])[Weights, _means, _squares]).Select(whole => whole.Whole.narrow(0, start, length))];
                Tensor[] changed = isAllowed is null ? state : [.. state.Select(part => part.clone())];
                Change(changed[0], Gradients.Whole.narrow(0, start, length), changed[1], changed[2], (Number(0), Number(1 + 2 * index), Number(2 + 2 * index)));
                areFinite.mul_(changed[0].isfinite().all().to(ScalarType.Float64));
                if (isAllowed is null) continue;
                foreach (var (before, after) in state.Zip(changed)) before.copy_(where(isAllowed, after, before));
            }
        }
        return areFinite.to(ScalarType.Bool).MoveToOuterDisposeScope();
    }

    private void Change(Tensor weights, Tensor gradients, Tensor means, Tensor squares, (Tensor SquareCorrection, Tensor Kept, Tensor Rate) numbers)
    {
        if (_decoupled) weights.mul_(numbers.Kept);
        else if (_decay > 0) gradients = gradients + weights * _decay;
        means.mul_(_options.Beta1).add_(gradients, 1 - _options.Beta1);
        squares.mul_(_options.Beta2).addcmul_(gradients, gradients, 1 - _options.Beta2);
        var roots = squares.sqrt().div_(numbers.SquareCorrection).add_(_options.Epsilon);
        weights.addcmul_(means / roots, numbers.Rate, -1);
    }
}
