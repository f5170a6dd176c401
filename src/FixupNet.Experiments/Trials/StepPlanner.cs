using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Trials;

/// <summary>Fits the training step of a configuration into its memory budget, changing as little as possible.</summary>
/// <param name="config">The configuration.</param>
/// <param name="bytesOf">What a step of its network takes with so many images at once, and with or without recomputation.</param>
/// <param name="needsWholeBatch">Whether the network's images see each other: a part of a batch would train another network.</param>
/// <param name="cudaGraph">Whether a step is one CUDA graph.</param>
/// <param name="now">What there is.</param>
internal sealed class StepPlanner(TrainConfig config, Func<int, bool, long> bytesOf, bool needsWholeBatch, bool cudaGraph, MemoryNow now)
{
    // Below it a CPU waits for the overhead of operations; computing activations again costs less. Not measured on a card.
    private const int SmallestMicroBatch = 8;

    private readonly MemoryAllowance _allowance = new(config, now);

    /// <summary>The first plan that fits: as configured, then in smaller parts, then with activations computed again.</summary>
    /// <exception cref="ConfigException">None fits.</exception>
    internal StepPlan Choose()
    {
        var plans = Candidates().ToList();
        var first = plans[0];
        if (Fits(first)) return first with { Reason = $"{Describe(first)} fits: about {MemoryAllowance.InWords(first.PredictedBytes)} of {_allowance}" };
        var chosen = plans.Find(Fits) ?? throw TooSmall(plans.MinBy(plan => plan.PredictedBytes)!);
        var reason = $"{Describe(first)} would take {MemoryAllowance.InWords(first.PredictedBytes)}, more than {_allowance}; {Describe(chosen)} takes about {MemoryAllowance.InWords(chosen.PredictedBytes)}";
        return chosen with { Reason = reason };
    }

    /// <summary>What would be held at most with a plan.</summary>
    internal StepPlan Predict(int microBatchSize, bool recompute) => new(
        microBatchSize, recompute, _allowance.BaseBytes + bytesOf(microBatchSize, recompute), CudaGraph: cudaGraph);

    private IEnumerable<StepPlan> Candidates()
    {
        var sizes = Sizes();
        var reasonable = sizes.Where((size, index) => index == 0 || size >= SmallestMicroBatch);
        return [.. reasonable.Select(size => Predict(size, recompute: false)), .. sizes.Select(size => Predict(size, recompute: true))];
    }

    // Batch statistics need the whole batch, and a size that was asked for is kept.
    private List<int> Sizes()
    {
        if (config.Training.MicroBatchSize is { } asked) return [asked];
        var batchSize = config.Training.BatchSize;
        if (needsWholeBatch) return [batchSize];
        var sizes = new List<int>();
        for (var size = batchSize; size >= 1; size /= 2) sizes.Add(size);
        return sizes;
    }

    private bool Fits(StepPlan plan) => _allowance.Fits(plan.PredictedBytes);

    private ConfigException TooSmall(StepPlan smallest) => _allowance.TooSmall(smallest.PredictedBytes, Describe(smallest).TrimEnd(','));

    private string Describe(StepPlan plan)
    {
        var part = plan.MicroBatchSize < config.Training.BatchSize
            ? $"a batch of {config.Training.BatchSize} in parts of {plan.MicroBatchSize}"
            : $"the whole batch of {config.Training.BatchSize}";
        return plan.Recompute ? $"{part}, its activations computed again in the backward pass," : part;
    }
}
