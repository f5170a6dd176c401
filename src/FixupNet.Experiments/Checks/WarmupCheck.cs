using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Schedules;

namespace FixupNet.Experiments.Checks;

/// <summary>The warm-up of the learning rate ends before the run does.</summary>
internal sealed class WarmupCheck : IDocumentCheck
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Sections => ["schedule", "training"];

    /// <inheritdoc/>
    public object? Subject(TrainConfig config) =>
        config.Schedule.Options is IWarmupOptions { WarmupEpochs: > 0 } ? (config.Schedule, config.Training.Epochs) : null;

    /// <inheritdoc/>
    public IEnumerable<DocumentProblem> Find(TrainConfig config)
    {
        var (warmup, epochs) = ((IWarmupOptions)config.Schedule.Options, config.Training.Epochs);
        if (epochs == 0 || warmup.WarmupEpochs < epochs) yield break;
        var given = FormattableString.Invariant($"is {warmup.WarmupEpochs}");
        yield return warmup.NeedsLongerRun
            ? new("schedule.warmupEpochs", $"{given}; must be less than training.epochs, which is {epochs}.")
            : new("schedule.warmupEpochs", $"{given}, and training.epochs is {epochs}: the learning rate never reaches its full value.", ProblemKind.Warning);
    }
}
