using FixupNet.Experiments.Configuration;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Trials;

/// <summary>Cuts a captured step so that it fits into the memory budget on the card, into as few parts as possible.</summary>
/// <param name="config">The configuration.</param>
/// <param name="bytesOf">What a step takes with so many images at once.</param>
/// <param name="now">The card's memory.</param>
internal sealed class CudaGraphPlanner(TrainConfig config, Func<int, long> bytesOf, MemoryNow now)
{
    private readonly MemoryAllowance _allowance = new(config, now);

    /// <summary>The plan with the largest parts that fit.</summary>
    /// <exception cref="ConfigException">None fits.</exception>
    internal StepPlan Choose()
    {
        var plans = StepPlanner.SizesOf(config).Select(size => new StepPlan(size, PredictedBytes: _allowance.BaseBytes + bytesOf(size), CudaGraph: true)).ToList();
        var chosen = plans.Find(plan => _allowance.Fits(plan.PredictedBytes)) ?? throw _allowance.TooSmall(plans[^1].PredictedBytes, Describe(plans[^1]));
        var why = chosen == plans[0] ? "" : $"{Describe(plans[0])} would take {MemoryAllowance.InWords(plans[0].PredictedBytes)}; ";
        return chosen with { Reason = $"{why}{Describe(chosen)} takes about {MemoryAllowance.InWords(chosen.PredictedBytes)} of {_allowance}" };
    }

    private string Describe(StepPlan plan) => plan.MicroBatchSize < config.Training.BatchSize
        ? $"a batch of {config.Training.BatchSize} in parts of {plan.MicroBatchSize}"
        : $"the whole batch of {config.Training.BatchSize}";
}
