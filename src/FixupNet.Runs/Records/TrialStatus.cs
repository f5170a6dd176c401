namespace FixupNet.Runs.Records;

/// <summary>Content of status.json.</summary>
/// <param name="State">Where the trial stands.</param>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Epoch">Epochs done, with fraction.</param>
/// <param name="UpdatedAt">When this was written.</param>
/// <param name="Reason">Why the trial is in that state, where that says more than the state.</param>
public sealed record TrialStatus(TrialState State, long Step, double Epoch, DateTimeOffset UpdatedAt, string? Reason = null);
