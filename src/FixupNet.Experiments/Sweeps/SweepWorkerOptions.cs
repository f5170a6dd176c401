namespace FixupNet.Experiments.Sweeps;

/// <summary>How a worker works on a sweep; what the sweep is, its folder tells.</summary>
/// <param name="Jobs">Trials at a time, at least 1.</param>
/// <param name="ThreadsPerTrial">CPU threads of each trial; null for the trial's own choice.</param>
/// <param name="MaxTrials">Trials to start at most; null for all that are due.</param>
/// <param name="FailFast">Starts no further trial once one of its own has failed; those that run are left to end.</param>
/// <param name="LeaseSeconds">How long this worker may be silent before others on other hosts take over its trials, above 0.</param>
/// <param name="Wait">Stays until every trial has ended, to take over from workers that die; else ends once the trials that are left belong
/// to workers known to live.</param>
/// <param name="Device">The device that trials compute on: auto, cpu, cuda or cuda:N.</param>
public sealed record SweepWorkerOptions(
    int Jobs = 1, int? ThreadsPerTrial = null, int? MaxTrials = null, bool FailFast = false, double LeaseSeconds = 30, bool Wait = true,
    string Device = "auto");
