using FixupNet.Registries;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Optimization;

/// <summary>Stochastic gradient descent with momentum and weight decay, scalars at rates of their own, as PyTorch computes it.</summary>
/// <remarks>
/// v ← μv + (g + λw), w ← w − ηv, v starting at 0. arXiv:1901.09321's published training: scalars at η/10.
/// </remarks>
public sealed class Sgd : FlatOptimizer
{
    private readonly FlatTensor _velocities;
    private readonly bool _fused;

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
        : base(parameters, OptionsGuard.Checked(options).LearningRate, options.ScalarRates, topology)
    {
        Options = options;
        _velocities = new FlatTensor(Gradients.Parameters);
        _fused = fused ?? SgdKernels.CanFuse(Weights.Whole);
        State = [.. StateOf("momentum", _velocities)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Tensor State)> State { get; }

    /// <summary>Rates, momentum and decay.</summary>
    public SgdOptions Options { get; }

    /// <summary>What a step works on, for whoever computes it in one pass elsewhere.</summary>
    public SgdTensors Flat => new(Weights.Whole, Gradients.Whole, _velocities.Whole, Ranges);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _velocities.Dispose();
        base.Dispose();
    }

    private protected override bool Update(double learningRateFactor)
    {
        var areFinite = true;
        foreach (var range in Ranges) areFinite &= Update(range, RateOf(range, learningRateFactor));
        return areFinite;
    }

    private bool Update(RateRange range, double rate)
    {
        var (start, length) = (range.Start, range.End - range.Start);
        using var weights = Weights.Whole.narrow(0, start, length);
        using var gradients = Gradients.Whole.narrow(0, start, length);
        using var velocities = _velocities.Whole.narrow(0, start, length);
        var step = new SgdStep(rate, Options.Momentum, Options.WeightDecay, Options.Nesterov);
        return _fused ? SgdKernels.Fused(weights, gradients, velocities, step) : SgdKernels.WithTensors(weights, gradients, velocities, step);
    }
}
