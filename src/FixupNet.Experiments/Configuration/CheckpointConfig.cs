using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace FixupNet.Experiments.Configuration;

/// <summary>When the training state is saved; both intervals may be set, and both may be null: then only at the end.</summary>
/// <param name="EverySteps">Steps between checkpoints, in [1, 10^9]; default null.</param>
/// <param name="EveryMinutes">Minutes between checkpoints, in (0, 10^6]; default 10.</param>
/// <param name="Keep">How many recent checkpoints stay on disk, in [1, 1000]; default 2.</param>
public sealed record CheckpointConfig(
    [property: Description("Steps between checkpoints."), Range(1, 1_000_000_000)] int? EverySteps = null,
    [property: Description("Minutes between checkpoints."), Range(0.0, 1e6, MinimumIsExclusive = true)] double? EveryMinutes = 10,
    [property: Description("Recent checkpoints that stay on disk."), Range(1, 1000)] int Keep = 2);
