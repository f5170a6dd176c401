using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
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

    /// <summary>Finds what is missing to a sweep that is on the disk.</summary>
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
            // The document can no longer be planned, but its trials may still be what this program trains.
            return TrialProblems(sweep, registries);
        }
    }

    private static IReadOnlyList<ConfigError> TrialProblems(SweepDirectory sweep, ConfigRegistries registries)
    {
        var trials = sweep.ReadPlan().Select(sweep.Trial).ToList();
        foreach (var trial in trials.Where(trial => !trial.IsEnded && File.Exists(trial.ConfigFile)))
        {
            try
            {
                TrainDocument.Load(trial.ConfigFile, [], registries);
            }
            catch (ConfigException error)
            {
                var program = trials.Select(ProgramOf).FirstOrDefault(name => name is not null);
                var whose = program is null ? "was planned by a program with other choices than this one" : $"belongs to the program \"{program}\", which has choices of its own";
                return [.. error.Errors, new(sweep.ResolvedSweepFile, null, "", $"{whose}: run it with that program.")];
            }
        }
        return [];
    }

    private static string? ProgramOf(TrialDirectory trial)
    {
        try
        {
            return trial.ReadEnvironment()?.Source?.Program;
        }
        catch (InvalidDataException)
        {
            return null;
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
