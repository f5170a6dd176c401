using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>A trial of a sweep began or ended; one line of the sweep's journal.</summary>
/// <param name="At">When.</param>
/// <param name="Trial">Index of the trial in the plan.</param>
/// <param name="Name">Name of the trial.</param>
/// <param name="State">Running where it began, else how it ended.</param>
/// <param name="Seconds">How long its process lived; null where it began.</param>
/// <param name="ExitCode">How its process exited; null where it began.</param>
/// <param name="Reason">Why it failed.</param>
public sealed record SweepEvent(
    DateTimeOffset At, int Trial, string Name, TrialState State, double? Seconds = null, int? ExitCode = null, string? Reason = null);
