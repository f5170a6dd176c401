using FixupNet.Engine;
using FixupNet.Engine.DepthFirst;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Runs.Records;
using FixupNet.Training;

namespace FixupNet.Experiments.Trials;

/// <summary>Cuts a step of the depth-first engine so that it fits into the memory budget and takes the least time.</summary>
/// <param name="config">The configuration.</param>
/// <param name="memory">What the engine takes for its network.</param>
/// <param name="workers">Threads.</param>
/// <param name="now">What there is.</param>
internal sealed class DepthFirstPlanner(TrainConfig config, EngineMemory memory, int workers, MemoryNow now)
{
    // From here on nothing is gained but memory lost: measured at depth 110 with 8, 12, 16, 24 and 32.
    private const int MostImagesAtOnce = 16;

    // Where activations are computed again, as many of the first blocks as needed, in steps of this share of all.
    private const int Shares = 256;

    private readonly MemoryAllowance _allowance = new(config, now);
    private readonly GarbageLimit _garbage = new();

    /// <summary>The plan that keeps everything, if it fits; null where it does not.</summary>
    internal StepPlan? Whole()
    {
        var first = Predict(Sizes()[0], workers, recomputedBlocks: 0);
        return Fits(first) ? first with { Reason = $"{Describe(first)} fit: about {MemoryAllowance.InWords(first.PredictedBytes)} of {_allowance}" } : null;
    }

    /// <summary>The fastest plan that fits.</summary>
    /// <exception cref="ConfigException">None fits.</exception>
    internal StepPlan Choose()
    {
        if (Whole() is { } whole) return whole;
        var sizes = Sizes();
        if (memory.NeedsWholeBatch) throw TooSmall(sizes[0], recomputedBlocks: 0);
        var first = Predict(sizes[0], workers, recomputedBlocks: 0);
        var fitting = sizes.SelectMany(size => new[] { workers, 1 }.Distinct().Select(sums => Fitting(size, sums))).OfType<StepPlan>().ToList();
        if (fitting.Count == 0) throw TooSmall(sizes[^1], memory.BlockCount);
        var chosen = fitting.MinBy(RelativeTime)!;
        return chosen with
        {
            Reason = $"{Describe(first)} would take {MemoryAllowance.InWords(first.PredictedBytes)}, more than {_allowance}; "
                + $"{Describe(chosen)} take about {MemoryAllowance.InWords(chosen.PredictedBytes)}",
        };
    }

    /// <summary>What the process would hold at most with a plan.</summary>
    internal StepPlan Predict(int imagesAtOnce, int gradientSums, int recomputedBlocks)
    {
        // An engine's plan of 5,000 blocks is some megabytes, and of them all many are made.
        _garbage.Keep();
        // Kept are two tensors a block of one segment, and one a segment.
        var segmentLength = Math.Max(1, (int)Math.Round(Math.Sqrt(recomputedBlocks / 2.0)));
        var plan = new DepthFirstPlan(workers, gradientSums, recomputedBlocks, segmentLength);
        var bytes = _allowance.BaseBytes + memory.Bytes(OptionsOf(plan, imagesAtOnce, config.Training.Precision));
        return new StepPlan(imagesAtOnce, recomputedBlocks > 0, bytes, DepthFirst: plan);
    }

    /// <summary>The engine's options for a plan.</summary>
    internal static EngineOptions OptionsOf(DepthFirstPlan plan, int imagesAtOnce, Precision precision) => new(
        plan.Workers, imagesAtOnce, PrecisionOf(precision), plan.RecomputedBlocks, plan.SegmentLength, plan.GradientSums);

    /// <summary>How activations are kept with a precision.</summary>
    internal static ActivationPrecision PrecisionOf(Precision precision) =>
        precision == Precision.BFloat16 ? ActivationPrecision.BFloat16 : ActivationPrecision.Float32;

    private List<int> Sizes()
    {
        if (memory.NeedsWholeBatch) return [config.Training.BatchSize];
        if (config.Training.MicroBatchSize is { } asked) return [asked];
        var sizes = new List<int>();
        for (var size = Math.Min(MostImagesAtOnce, (config.Training.BatchSize + workers - 1) / workers); size >= 1; size /= 2) sizes.Add(size);
        return sizes;
    }

    // The more is computed again the less memory it takes, so that the least share that fits is found by halving.
    private StepPlan? Fitting(int size, int sums)
    {
        StepPlan PlanOf(int share) => Predict(size, sums, memory.BlockCount * share / Shares);
        var (least, most, fitting) = (0, Shares, PlanOf(Shares));
        if (!Fits(fitting)) return null;
        while (least < most)
        {
            var middle = (least + most) / 2;
            var plan = PlanOf(middle);
            if (Fits(plan)) (most, fitting) = (middle, plan);
            else least = middle + 1;
        }
        return fitting;
    }

    // Every part of a batch transforms the weights again, measured as 0.4 images' time; what is computed again is a third of a step.
    private double RelativeTime(StepPlan plan) =>
        (1 + 0.4 / plan.MicroBatchSize) * (1 + plan.DepthFirst!.RecomputedBlocks / (3.0 * memory.BlockCount));

    private bool Fits(StepPlan plan) => _allowance.Fits(plan.PredictedBytes);

    private ConfigException TooSmall(int size, int recomputedBlocks)
    {
        var smallest = Predict(size, gradientSums: 1, recomputedBlocks);
        return _allowance.TooSmall(smallest.PredictedBytes, Describe(smallest).TrimEnd(','));
    }

    private string Describe(StepPlan plan)
    {
        var depthFirst = plan.DepthFirst!;
        if (memory.NeedsWholeBatch) return $"all {plan.MicroBatchSize} images of a batch, from one batch normalization to the next on {workers} cores,";
        var images = $"{plan.MicroBatchSize} images at once on each of {workers} cores";
        var sums = depthFirst.GradientSums < workers ? ", adding gradients in turn" : "";
        return depthFirst.RecomputedBlocks > 0
            ? $"{images}{sums}, the first {depthFirst.RecomputedBlocks} of {memory.BlockCount} blocks computed again in segments of {depthFirst.SegmentLength},"
            : images + sums;
    }
}
