namespace FixupNet.Experiments.Sweeps;

/// <summary>The worker that holds a trial.</summary>
/// <param name="Worker">Its name; null where its claim is damaged.</param>
/// <param name="Life">Whether it lives.</param>
public sealed record TrialOwner(string? Worker, WorkerLife Life);
