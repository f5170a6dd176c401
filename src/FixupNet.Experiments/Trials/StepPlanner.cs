using FixupNet.Experiments.Configuration;
using FixupNet.Models;
using FixupNet.Runs.Records;
using FixupNet.Training;

namespace FixupNet.Experiments.Trials;

/// <summary>Fits the training step of a configuration into its memory budget, changing as little as possible.</summary>
/// <param name="config">The configuration.</param>
/// <param name="memory">What a step of its network takes.</param>
/// <param name="now">What there is.</param>
internal sealed class StepPlanner(TrainConfig config, StepMemory memory, MemoryNow now)
{
    // Below it the processor waits for the overhead of operations; computing activations again costs less.
    private const int SmallestMicroBatch = 8;

    // Code that oneDNN generates, OpenMP's stacks, batches: measured as the rest at depths 8 … 110.
    private const long RuntimeBytes = 24L << 20;

    private readonly MemoryBudget _budget = MemoryBudget.Parse(config.Training.MemoryBudget ?? MemoryBudget.Default);

    /// <summary>The first plan that fits: as configured, then in smaller parts, then with activations computed again.</summary>
    /// <exception cref="ConfigException">None fits.</exception>
    internal StepPlan Choose()
    {
        var plans = Candidates().ToList();
        var first = plans[0];
        if (Fits(first)) return first with { Reason = $"{Describe(first)} fits: about {Size(first.PredictedBytes)} of {Allowance()}" };
        var chosen = plans.Find(Fits) ?? throw TooSmall(plans.MinBy(plan => plan.PredictedBytes)!);
        var reason = $"{Describe(first)} would take {Size(first.PredictedBytes)}, more than {Allowance()}; {Describe(chosen)} takes about {Size(chosen.PredictedBytes)}";
        return chosen with { Reason = reason };
    }

    /// <summary>What the process would hold at most with a plan.</summary>
    internal StepPlan Predict(int microBatchSize, bool recompute) => new(
        microBatchSize, recompute,
        now.ResidentBytes + RuntimeBytes + memory.Bytes(microBatchSize, recompute) + memory.ForwardBytes(Evaluator.ImagesAtOnce));

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
        if (ModelZoo.All[config.Model.Name].VariantOf(config.Model.Options) == ResidualVariant.BatchNorm) return [batchSize];
        var sizes = new List<int>();
        for (var size = batchSize; size >= 1; size /= 2) sizes.Add(size);
        return sizes;
    }

    private long AllowedBytes => _budget.Bytes ?? now.ResidentBytes + (long)(_budget.Share!.Value * now.FreeBytes);

    private bool Fits(StepPlan plan) => plan.PredictedBytes <= AllowedBytes;

    private string Allowance() =>
        $"{Size(AllowedBytes)} allowed" + (_budget.Share is { } share ? FormattableString.Invariant($" ({share:P0} of what is free)") : "");

    private string Describe(StepPlan plan)
    {
        var part = plan.MicroBatchSize < config.Training.BatchSize
            ? $"a batch of {config.Training.BatchSize} in parts of {plan.MicroBatchSize}"
            : $"the whole batch of {config.Training.BatchSize}";
        return plan.Recompute ? $"{part}, its activations computed again in the backward pass," : part;
    }

    private ConfigException TooSmall(StepPlan smallest) => new([new ConfigError(
        config.Name, null, "training:memoryBudget",
        $"is {(config.Training.MemoryBudget is { } text ? $"\"{text}\"" : $"null, that is \"{MemoryBudget.Default}\"")}, {Allowance()}; "
        + $"this network needs at least {Size(smallest.PredictedBytes)}, with {Describe(smallest).TrimEnd(',')}.")]);

    private static string Size(long? bytes) => bytes < 1e9 ? FormattableString.Invariant($"{bytes / 1e6:F0} MB") : FormattableString.Invariant($"{bytes / 1e9:F2} GB");
}
