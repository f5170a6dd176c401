namespace FixupNet.Runs.Records;

/// <summary>One line of a worker's journal.</summary>
/// <param name="At">When, by the worker's clock.</param>
/// <param name="Event">What happened.</param>
/// <param name="Trial">Index of the trial in the plan.</param>
/// <param name="Generation">Number of the claim to the trial: of several ends of a trial, that of the highest one counts.</param>
/// <param name="Name">Name of the trial.</param>
/// <param name="State">How the trial ended; absent before.</param>
/// <param name="Seconds">How long its process lived; absent before its end, and where none was needed.</param>
/// <param name="ExitCode">How its process exited; absent likewise.</param>
/// <param name="Reason">Why it failed, or what else is to be known.</param>
public sealed record SweepEvent(
    DateTimeOffset At, SweepEventKind Event, int Trial, int Generation, string Name,
    TrialState? State = null, double? Seconds = null, int? ExitCode = null, string? Reason = null);
