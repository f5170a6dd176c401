namespace FixupNet.Runs.Checkpoints;

/// <summary>What numbers of a checkpoint's state may be. A checksum guards against damage, not against whoever can compute one.</summary>
internal static class CheckpointLimits
{
    private const int MostEpochs = 1_000_000; // as many as a configuration may ask for
    private const int MostThreads = 4096;
    private const int MostImages = 1_000_000; // of a batch, as a configuration may have
    private const double MostSeconds = 1e10; // three hundred years

    /// <summary>Names the first number that no run can have; null where there is none.</summary>
    public static string? ProblemOf(CheckpointState state) =>
        ProblemOf(state.Position) ?? ProblemOf(state.Metrics) ?? ProblemOf(state.Summary) ?? ProblemOf(state.Arithmetic);

    private static string? ProblemOf(TrainingPosition position) =>
        OutOf("position.epoch", position.Epoch, 0, MostEpochs) ?? OutOf("position.batch", position.Batch, 0, int.MaxValue)
        ?? OutOf("position.updates", position.Updates, 0, long.MaxValue)
        ?? NoTime("position.stepSeconds", position.StepSeconds) ?? NoTime("position.elapsedSeconds", position.ElapsedSeconds);

    private static string? ProblemOf(MetricsProgress metrics) =>
        OutOf("metrics.nextSeq", metrics.NextSeq, 0, long.MaxValue) ?? OutOf("metrics.steps", metrics.Steps, 0, int.MaxValue)
        ?? OutOf("metrics.examples", metrics.Examples, 0, long.MaxValue) ?? NoTime("metrics.linesUntilSeconds", metrics.LinesUntilSeconds)
        ?? HoldsNull("metrics.totals", metrics.Totals);

    private static string? ProblemOf(SummaryProgress summary) =>
        OutOf("summary.examples", summary.Examples, 0, long.MaxValue) ?? OutOf("summary.allExamples", summary.AllExamples, 0, long.MaxValue)
        ?? OutOf("summary.peakMemoryBytes", summary.PeakMemoryBytes, 0, long.MaxValue)
        ?? OutOf("summary.lastAliveStep", summary.LastAliveStep ?? 0, 0, long.MaxValue) ?? NoTime("summary.waitedSeconds", summary.WaitedSeconds)
        ?? HoldsNull("summary.totals", summary.Totals);

    private static string? ProblemOf(ArithmeticSetting arithmetic) =>
        OutOf("arithmetic.threads", arithmetic.Threads, 1, MostThreads)
        ?? OutOf("arithmetic.plan.microBatchSize", arithmetic.Plan.MicroBatchSize, 1, MostImages)
        ?? (arithmetic.Plan.DepthFirst is { } engine ? ProblemOf(engine) : null)
        ?? HoldsNull("arithmetic.convolutions", arithmetic.Convolutions);

    private static string? ProblemOf(Records.DepthFirstPlan engine) =>
        OutOf("arithmetic.plan.depthFirst.workers", engine.Workers, 1, MostThreads)
        ?? OutOf("arithmetic.plan.depthFirst.gradientSums", engine.GradientSums, 1, MostThreads)
        ?? OutOf("arithmetic.plan.depthFirst.recomputedBlocks", engine.RecomputedBlocks, 0, int.MaxValue)
        ?? OutOf("arithmetic.plan.depthFirst.segmentLength", engine.SegmentLength, 1, int.MaxValue);

    private static string? OutOf(string key, long value, long least, long most) =>
        value >= least && value <= most ? null : $"{key} is {value}; must be in [{least}, {most}]";

    private static string? HoldsNull<T>(string key, IEnumerable<T>? items) => items?.Any(item => item is null) == true ? $"{key} holds null" : null;

    private static string? NoTime(string key, double seconds) => seconds is >= 0 and <= MostSeconds ? null : $"{key} is {seconds}; must be in [0, {MostSeconds}]";
}
