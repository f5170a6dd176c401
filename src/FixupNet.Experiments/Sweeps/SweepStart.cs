using FixupNet.Experiments.Configuration;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>What the trials that a sweep has left need to start.</summary>
public static class SweepStart
{
    /// <summary>Finds what is missing.</summary>
    /// <param name="sweep">The sweep's folder, which need not exist yet.</param>
    /// <param name="plan">Its trials.</param>
    /// <returns>The problems, each with the trials that it concerns.</returns>
    /// <exception cref="InvalidDataException">A file of the folder is damaged.</exception>
    public static IReadOnlyList<ConfigError> Problems(SweepDirectory sweep, SweepPlan plan)
    {
        if (!File.Exists(sweep.PlanFile)) return plan.Start.Find();
        var lines = sweep.ReadPlan().ToDictionary(KnownTrials.HashOf);
        return plan.Start.Find("auto", index => ProgressOf(lines.GetValueOrDefault(plan.Trials[index].Hash8), sweep));
    }

    /// <summary>Finds what is missing to a sweep that is on the disk; nothing where its document can no longer be planned.</summary>
    /// <param name="sweep">The sweep's folder.</param>
    /// <param name="registries">The named choices.</param>
    /// <returns>The problems, each with the trials that it concerns.</returns>
    /// <exception cref="InvalidDataException">A file of the folder is damaged.</exception>
    public static IReadOnlyList<ConfigError> Problems(SweepDirectory sweep, ConfigRegistries registries)
    {
        try
        {
            return Problems(sweep, SweepPlan.LoadResolved(sweep.ResolvedSweepFile, registries));
        }
        catch (Exception error) when (error is ConfigException or FileNotFoundException)
        {
            return [];
        }
    }

    private static TrainingProgress ProgressOf(PlanLine? line, SweepDirectory sweep)
    {
        if (line is null) return TrainingProgress.New;
        var trial = sweep.Trial(line);
        if (trial.IsEnded) return TrainingProgress.Ended;
        return File.Exists(trial.LatestCheckpointFile) ? TrainingProgress.Begun : TrainingProgress.New;
    }
}
