using FixupNet.Runs;
using FixupNet.Runs.Files;

namespace FixupNet.Experiments.Launchers;

/// <summary>Writes the batch script of a sweep's workers and submits it.</summary>
/// <param name="slurm">The site's commands.</param>
public sealed class SlurmLauncher(SlurmCommands slurm)
{
    /// <summary>Submits the workers of a sweep, as several arrays where one would be too large.</summary>
    /// <param name="options">What they ask for.</param>
    /// <param name="sweep">The sweep; its folder exists.</param>
    /// <param name="mostWorkersPerArray">Workers of one array at most; null for the site's own limit alone.</param>
    /// <exception cref="ArgumentException">An option is not what it must be.</exception>
    /// <exception cref="NotSupportedException">There is no Slurm.</exception>
    /// <exception cref="IOException">Slurm refuses, or the script cannot be written.</exception>
    public SlurmSubmission Submit(SlurmOptions options, LaunchedSweep sweep, int? mostWorkersPerArray)
    {
        LaunchProblems.ThrowIfAny(options);
        LaunchProblems.ThrowIfAny(sweep);
        var most = Math.Min(slurm.ReadMaxArraySize(), mostWorkersPerArray ?? int.MaxValue);
        var arrays = SlurmArray.Split(options.Common.Workers, most);
        var folder = new SweepDirectory(sweep.Folder).LaunchFolder;
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, "slurm.sh");
        DurableFile.WriteAllText(file, SlurmScript.Of(options, sweep, arrays));
        var jobs = new List<SlurmJob>();
        foreach (var array in arrays) jobs.Add(Submit(file, array, jobs));
        return new SlurmSubmission(file, jobs);
    }

    private SlurmJob Submit(string file, SlurmArray array, List<SlurmJob> before)
    {
        try
        {
            return new SlurmJob(slurm.Submit(file, array), array.Workers);
        }
        catch (IOException error) when (before.Count > 0)
        {
            var jobs = string.Join(", ", before.Select(job => $"{job.Id} ({job.Workers} workers)"));
            throw new IOException($"{error.Message} Submitted before that: {jobs}.", error);
        }
    }
}
