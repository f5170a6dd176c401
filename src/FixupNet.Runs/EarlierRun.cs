namespace FixupNet.Runs;

/// <summary>The result of a run that is to begin again in the same folder.</summary>
public static class EarlierRun
{
    /// <summary>Moves it into the folder "earlier-1", or the next number that is free; configuration and text logs stay, for they go on.</summary>
    /// <param name="run">The run, which has ended; owned by the caller.</param>
    /// <returns>The folder, a run's directory itself.</returns>
    /// <exception cref="IOException">Something cannot be moved; the run still counts as ended.</exception>
    public static string SetAside(TrialDirectory run)
    {
        var number = 1;
        while (Directory.Exists(run.EarlierFolder(number))) number++;
        var earlier = new TrialDirectory(run.EarlierFolder(number));
        Directory.CreateDirectory(earlier.Root);
        File.Copy(run.ConfigFile, earlier.ConfigFile);
        foreach (var folder in (string[])[run.CheckpointsFolder, run.TensorBoardFolder, run.StudiesFolder])
            if (Directory.Exists(folder)) Directory.Move(folder, Path.Combine(earlier.Root, Path.GetFileName(folder)));
        foreach (var file in (string[])[run.EnvironmentFile, run.MetricsFile, run.GradientNormsFile, run.ActivationsFile, run.StatusFile])
            if (File.Exists(file)) File.Move(file, Path.Combine(earlier.Root, Path.GetFileName(file)));
        // Last of all: without it, what a crash left behind would be taken for a run that has not ended, and be removed.
        File.Move(run.SummaryFile, earlier.SummaryFile);
        return earlier.Root;
    }
}
