using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Registries;

namespace FixupNet.Experiments.Configuration;

/// <summary>When the state of training is saved, and what is kept of it. The best evaluation so far and the end are always saved.</summary>
/// <param name="EverySteps">Updates between checkpoints, in [1, 10^9]; null, the default, for no such rule.</param>
/// <param name="EveryMinutes">Minutes between checkpoints, in (0, 10^6]; default 10; null for no such rule.</param>
/// <param name="Keep">Checkpoints kept beside the best one, the newest, in [1, 1000]; default 2.</param>
/// <param name="FinalWeights">Whether checkpoints outlive the end of training; default on. Off, they serve to resume an interrupted run only.</param>
/// <param name="BestBy">Name of the metric by which the best evaluation is chosen; null, the default, for the task's own: accuracy of images.</param>
public sealed record CheckpointConfig(
    [property: Description("Updates between checkpoints; null: no such rule."), Range(1, 1_000_000_000)] int? EverySteps = null,
    [property: Description("Minutes between checkpoints; null: no such rule."), Range(0.0, 1e6, MinimumIsExclusive = true)] double? EveryMinutes = 10,
    [property: Description("Checkpoints kept beside the best one, the newest."), Range(1, 1000)] int Keep = 2,
    [property: Description("Keep the checkpoints when training has ended; they hold the weights.")] bool FinalWeights = true,
    [property: Description("Metric by which the best evaluation is chosen; null: the task's own."), AddedLater] string? BestBy = null);
