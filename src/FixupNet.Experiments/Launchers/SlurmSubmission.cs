namespace FixupNet.Experiments.Launchers;

/// <summary>What was submitted to a Slurm site.</summary>
/// <param name="ScriptFile">The batch script.</param>
/// <param name="Jobs">Its jobs.</param>
public sealed record SlurmSubmission(string ScriptFile, IReadOnlyList<SlurmJob> Jobs);
