using FixupNet.Experiments.Configuration;

namespace FixupNet.Experiments.Sweeps;

/// <summary>What a worker works with.</summary>
/// <param name="Process">Runs one trial.</param>
/// <param name="Clock">Tells the time.</param>
/// <param name="Registries">The named choices of the sweep's document.</param>
/// <param name="Observe">Told everything that happens to the worker's trials, by one thread at a time.</param>
/// <param name="Wait">Told once, when nothing is left to do but to wait, for how many trials of other workers.</param>
public sealed record WorkerTools(ITrialProcess Process, TimeProvider Clock, ConfigRegistries Registries, Action<Runs.Records.SweepEvent> Observe, Action<int> Wait);
