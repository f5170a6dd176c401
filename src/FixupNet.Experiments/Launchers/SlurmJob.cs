namespace FixupNet.Experiments.Launchers;

/// <summary>An array of workers that a Slurm site has accepted.</summary>
/// <param name="Id">Number of the job.</param>
/// <param name="Workers">Workers in it.</param>
public sealed record SlurmJob(long Id, int Workers);
