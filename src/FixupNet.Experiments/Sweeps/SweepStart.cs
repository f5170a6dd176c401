using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Runs;
using FixupNet.Runs.Records;
using FixupNet.Training;

namespace FixupNet.Experiments.Sweeps;

/// <summary>What the trials that a sweep has left need to start.</summary>
public static class SweepStart
{
    /// <summary>Finds what is missing.</summary>
    /// <param name="sweep">The sweep's folder, which need not exist yet.</param>
    /// <param name="plan">Its trials.</param>
    /// <param name="options">How they are to run on this machine, whose memory is then looked at too; null where that is not known.</param>
    /// <returns>The problems, each with the trials that it concerns, and warnings.</returns>
    /// <exception cref="InvalidDataException">A file of the folder is damaged.</exception>
    public static IReadOnlyList<ConfigError> Problems(SweepDirectory sweep, SweepPlan plan, SweepWorkerOptions? options = null)
    {
        var lines = File.Exists(sweep.PlanFile) ? sweep.ReadPlan().ToDictionary(KnownTrials.HashOf) : [];
        var progress = plan.Trials.Select(trial => ProgressOf(lines.GetValueOrDefault(trial.Hash8), sweep)).ToList();
        var problems = plan.Start.Find(options?.Device ?? "auto", index => progress[index]);
        // What cannot be made takes no memory.
        if (options is null || problems.Count > 0) return problems;
        return new SweepMemory(SystemMemory.FreeBytes, options).Problems(plan.Name, [.. plan.Trials.Where(trial => progress[trial.Index] != TrainingProgress.Ended)]);
    }

    /// <summary>Finds what is missing to a sweep that is on the disk.</summary>
    /// <param name="sweep">The sweep's folder.</param>
    /// <param name="registries">The named choices.</param>
    /// <param name="options">How they are to run on this machine, whose memory is then looked at too; null where that is not known.</param>
    /// <returns>The problems, each with the trials that it concerns, and warnings.</returns>
    /// <exception cref="InvalidDataException">A file of the folder is damaged.</exception>
    public static IReadOnlyList<ConfigError> Problems(SweepDirectory sweep, ConfigRegistries registries, SweepWorkerOptions? options = null)
    {
        try
        {
            return Problems(sweep, SweepPlan.LoadResolved(sweep.ResolvedSweepFile, registries), options);
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
