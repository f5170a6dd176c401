namespace FixupNet.Experiments.Sweeps;

/// <summary>How a sweep is run; what it runs is in its folder.</summary>
/// <param name="Jobs">Trials at a time, at least 1.</param>
/// <param name="ThreadsPerTrial">CPU threads of each trial; null for the trial's own choice.</param>
/// <param name="MaxTrials">Trials to run at most this time; null for all that are due.</param>
/// <param name="FailFast">Starts no further trial once one has failed; those that run are left to end.</param>
public sealed record SweepRunOptions(int Jobs = 1, int? ThreadsPerTrial = null, int? MaxTrials = null, bool FailFast = false);
