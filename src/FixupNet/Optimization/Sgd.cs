using FixupNet.Registries;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Optimization;

/// <summary>Stochastic gradient descent with momentum and weight decay, scalars at rates of their own, as PyTorch computes it.</summary>
/// <remarks>
/// v ← μv + (g + λw), w ← w − ηv, v starting at 0. It moves the parameters' values into one contiguous tensor, group after group, and
/// does the same with gradients and momentum, so a step is one pass over memory on a CPU and a few kernels elsewhere. The parameter objects
/// stay the same; create the optimizer after moving or converting the module, for one that was moved since is refused. arXiv:1901.09321's published training: scalars at η/10.
/// </remarks>
public sealed class Sgd : IOptimizer
{
    private readonly SgdOptions _options;
    private readonly FlatTensor _weights;
    private readonly FlatTensor _velocities;
    private readonly bool _fused;
    private readonly RateRange[] _ranges;

    /// <summary>Takes over the parameters.</summary>
    /// <param name="parameters">State-dict names and parameters, each once, all of one dtype and device.</param>
    /// <param name="options">Rates, momentum and decay.</param>
    /// <param name="topology">Knows which parameters are scalars; null: those of one element.</param>
    /// <exception cref="ArgumentException">Options are out of range, a parameter has no place in the topology, or parameters are none, repeated or of different dtypes or devices.</exception>
    public Sgd(IEnumerable<(string Name, Parameter Parameter)> parameters, SgdOptions options, ResidualTopology? topology = null)
        : this(parameters, options, topology, fused: null)
    {
    }

    internal Sgd(IEnumerable<(string Name, Parameter Parameter)> parameters, SgdOptions options, ResidualTopology? topology, bool? fused)
    {
        OptionsGuard.Check(options);
        _options = options;
        Groups = ParameterGroups.ByRate(parameters, options.ScalarRates, topology);
        (string Name, Parameter Parameter)[] ordered = [.. Groups.SelectMany(group => group.Parameters)];
        Gradients = new FlatGradients([.. ordered.Select(item => item.Parameter)]);
        _weights = new FlatTensor(Gradients.Parameters);
        _velocities = new FlatTensor(Gradients.Parameters);
        _ranges = [.. RangesOf(Groups, _weights.Starts)];
        _fused = fused ?? SgdKernels.CanFuse(_weights.Whole);
        State = [.. ordered.Select((item, i) => ($"momentum.{item.Name}", _velocities.Slots[i]))];
        MoveIn(Gradients.Parameters);
    }

    /// <inheritdoc/>
    public double LearningRate => _options.LearningRate;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor State)> State { get; }

    /// <inheritdoc/>
    public FlatGradients Gradients { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>Rates, momentum and decay.</summary>
    public SgdOptions Options => _options;

    /// <summary>What a step works on, for whoever computes it in one pass elsewhere.</summary>
    public SgdTensors Flat => new(_weights.Whole, Gradients.Whole, _velocities.Whole, _ranges);

    /// <inheritdoc/>
    public void ZeroGradients()
    {
        _weights.RequireHolds(Gradients.Parameters);
        Gradients.Zero();
    }

    /// <inheritdoc/>
    public bool Step(double learningRateFactor)
    {
        if (!double.IsFinite(learningRateFactor) || learningRateFactor < 0)
            throw new ArgumentOutOfRangeException(nameof(learningRateFactor), learningRateFactor, "The factor must be finite and 0 or more.");
        _weights.RequireHolds(Gradients.Parameters);
        Gradients.RequireAttached();
        using var noGradients = no_grad();
        var rate = _options.LearningRate * learningRateFactor;
        var areFinite = true;
        foreach (var range in _ranges) areFinite &= Update(range, rate);
        return areFinite;
    }

    /// <summary>Frees gradients and momentum; the parameters keep their values.</summary>
    public void Dispose()
    {
        Gradients.Dispose();
        _velocities.Dispose();
        _weights.Dispose();
    }

    private bool Update(RateRange range, double rate)
    {
        var (start, length) = (range.Start, range.End - range.Start);
        using var weights = _weights.Whole.narrow(0, start, length);
        using var gradients = Gradients.Whole.narrow(0, start, length);
        using var velocities = _velocities.Whole.narrow(0, start, length);
        var step = new SgdStep(rate * range.LearningRateFactor, _options.Momentum, _options.WeightDecay, _options.Nesterov);
        return _fused ? SgdKernels.Fused(weights, gradients, velocities, step) : SgdKernels.WithTensors(weights, gradients, velocities, step);
    }

    private static IEnumerable<RateRange> RangesOf(IReadOnlyList<ParameterGroup> groups, long[] starts)
    {
        var first = 0;
        foreach (var group in groups)
        {
            var end = first + group.Parameters.Count;
            yield return new RateRange(starts[first], starts[end], group.LearningRateFactor);
            first = end;
        }
    }

    private void MoveIn(IReadOnlyList<Parameter> parameters)
    {
        using var noGradients = no_grad();
        for (var i = 0; i < parameters.Count; i++)
        {
            _weights.Slots[i].copy_(parameters[i]);
            parameters[i].set_(_weights.Slots[i]);
        }
    }
}
