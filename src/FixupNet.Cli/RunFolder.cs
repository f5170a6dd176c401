using FixupNet.Runs;
using FixupNet.Runs.Checkpoints;

namespace FixupNet.Cli;

/// <summary>Finds what a run has left in its folder.</summary>
internal static class RunFolder
{
    /// <summary>The configuration and the weights that "DIR" or "CONFIG" means.</summary>
    /// <param name="path">A run's folder, or a train document.</param>
    /// <param name="weights">Weights that were asked for; null for the run's last ones.</param>
    /// <returns>The document, and the weights; null where the path is a document and none were asked for.</returns>
    /// <exception cref="FileNotFoundException">There is no such file, or the folder holds no finished run.</exception>
    public static (string Config, string? Weights) Resolve(string path, string? weights)
    {
        if (!Directory.Exists(path)) return (Inputs.RequireFile(path), weights);
        var run = new TrialDirectory(path);
        return (Config(run), weights ?? LatestWeights(run));
    }

    /// <summary>The configuration of a run.</summary>
    /// <exception cref="FileNotFoundException">The folder holds none.</exception>
    public static string Config(TrialDirectory run) =>
        File.Exists(run.ConfigFile) ? run.ConfigFile : throw new FileNotFoundException($"{run.Root} holds no config.json: it is not the folder of a run.");

    private static string LatestWeights(TrialDirectory run)
    {
        if (CheckpointStore.Read(run.LatestCheckpointFile) is not { } name)
        {
            throw File.Exists(run.LatestCheckpointFile)
                ? new InvalidDataException($"{run.LatestCheckpointFile} does not name a checkpoint.")
                : new FileNotFoundException($"{run.Root} holds no weights: the run has no checkpoint yet, keeps none, or diverged.");
        }
        // Where an average was kept, it is what the run evaluated.
        var average = Path.Combine(run.CheckpointsFolder, name, Checkpoint.AverageFile);
        return File.Exists(average) ? average : Inputs.RequireFile(Path.Combine(run.CheckpointsFolder, name, Checkpoint.ModelFile));
    }
}
