using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Optimization;

/// <summary>An optimizer whose parameters lie one after the other in one tensor, those of one learning rate together.</summary>
/// <remarks>
/// It moves the parameters' values into one contiguous tensor, group after group, and does the same with gradients and with what it remembers, so
/// a step is a few passes over memory on a CPU and a few kernels elsewhere. The parameter objects stay the same; create the optimizer after
/// moving or converting the module, for one that was moved since is refused.
/// </remarks>
public abstract class FlatOptimizer : IOptimizer
{
    private protected FlatOptimizer(
        IEnumerable<(string Name, Parameter Parameter)> parameters, double learningRate, ScalarRates rates, ResidualTopology? topology)
    {
        LearningRate = learningRate;
        Groups = ParameterGroups.ByRate(parameters, rates, topology);
        Ordered = [.. Groups.SelectMany(group => group.Parameters)];
        Gradients = new FlatGradients([.. Ordered.Select(item => item.Parameter)]);
        Weights = new FlatTensor(Gradients.Parameters);
        Ranges = [.. RangesOf(Groups, Weights.Starts)];
        MoveIn(Gradients.Parameters);
    }

    /// <inheritdoc/>
    public double LearningRate { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<(string Name, Tensor State)> State { get; }

    /// <inheritdoc/>
    public FlatGradients Gradients { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>The parameters in the order of their values.</summary>
    internal IReadOnlyList<(string Name, Parameter Parameter)> Ordered { get; }

    /// <summary>The parameters' values.</summary>
    internal FlatTensor Weights { get; }

    private protected IReadOnlyList<RateRange> Ranges { get; }

    /// <inheritdoc/>
    public void ZeroGradients()
    {
        Weights.RequireHolds(Gradients.Parameters);
        Gradients.Zero();
    }

    /// <inheritdoc/>
    public bool Step(double learningRateFactor)
    {
        if (!double.IsFinite(learningRateFactor) || learningRateFactor < 0)
            throw new ArgumentOutOfRangeException(nameof(learningRateFactor), learningRateFactor, "The factor must be finite and 0 or more.");
        Weights.RequireHolds(Gradients.Parameters);
        Gradients.RequireAttached();
        using var noGradients = no_grad();
        return Update(learningRateFactor);
    }

    /// <summary>Frees gradients and state; the parameters keep their values.</summary>
    public virtual void Dispose()
    {
        Gradients.Dispose();
        Weights.Dispose();
        GC.SuppressFinalize(this);
    }

    // Updates all parameters; tells whether they are finite afterwards.
    private protected abstract bool Update(double learningRateFactor);

    // η of a range.
    private protected double RateOf(RateRange range, double learningRateFactor) => LearningRate * learningRateFactor * range.LearningRateFactor;

    // What is remembered of every parameter, under its name.
    private protected IEnumerable<(string Name, Tensor State)> StateOf(string name, FlatTensor state) =>
        Ordered.Select((item, i) => ($"{name}.{item.Name}", state.Slots[i]));

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
            Weights.Slots[i].copy_(parameters[i]);
            parameters[i].set_(Weights.Slots[i]);
        }
    }
}
