using System.Text.Json;
using FixupNet.Runs;
using FixupNet.Runs.Files;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Brings a planned sweep onto the disk.</summary>
public static class SweepFolder
{
    private const int FilesAtOnce = 16;

    /// <summary>The folder of a sweep: its name and the hash of what it runs, so that the same sweep finds its folder again.</summary>
    /// <param name="runsFolder">The folder of all runs.</param>
    /// <param name="plan">The sweep.</param>
    public static SweepDirectory Of(string runsFolder, SweepPlan plan) => new(Path.Combine(runsFolder, $"{plan.Name}-{plan.Hash6}"));

    /// <summary>The sweeps in a folder, by name.</summary>
    /// <param name="runsFolder">The folder of all runs; need not exist.</param>
    public static IEnumerable<SweepDirectory> All(string runsFolder) => !Directory.Exists(runsFolder) ? [] :
        Directory.EnumerateDirectories(runsFolder).Order(StringComparer.Ordinal).Select(path => new SweepDirectory(path)).Where(sweep => File.Exists(sweep.PlanFile));

    /// <summary>Writes the sweep and the configuration of every trial, unless that has been done; the plan comes last and stands for all
    /// of it.</summary>
    /// <param name="sweep">The sweep's folder, which must exist.</param>
    /// <param name="plan">The sweep.</param>
    /// <param name="source">The sweep's document as the user wrote it.</param>
    /// <exception cref="InvalidDataException">The folder holds other trials.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="RunDirectoryInUseException">Another process works in the folder.</exception>
    public static void Create(SweepDirectory sweep, SweepPlan plan, ReadOnlyMemory<byte> source)
    {
        using var ownership = sweep.Acquire();
        List<PlanLine> lines = [.. plan.Trials.Select(Line)];
        if (File.Exists(sweep.PlanFile))
        {
            RequireSameTrials(sweep, lines);
            WriteStudies(sweep, plan);
            return;
        }
        WriteStudies(sweep, plan);
        DurableFile.WriteAllBytes(sweep.SweepFile, source);
        DurableFile.WriteAllText(sweep.ResolvedSweepFile, plan.ResolvedJson);
        StartingWeights.Record(sweep, plan);
        WriteConfigurations(sweep, lines.Zip(plan.Trials));
        sweep.WritePlan(lines);
    }

    // Not part of the trials: what is asked of them may change.
    private static void WriteStudies(SweepDirectory sweep, SweepPlan plan)
    {
        if (plan.Studies.Count > 0) RunJson.WriteFile(sweep.StudiesFile, new StudyRequests(Requests(isOfSweep: false), Requests(isOfSweep: true)));
        else File.Delete(sweep.StudiesFile);

        IReadOnlyList<StudyRequest> Requests(bool isOfSweep) => [.. plan.Studies.Where(study => study.Entry.IsOfSweep == isOfSweep).Select(study => study.Request)];
    }

    /// <summary>The line of a trial in a sweep's plan.</summary>
    /// <param name="trial">The trial.</param>
    internal static PlanLine Line(TrialPlan trial) => new(
        trial.Index, trial.ShortName, RunNames.Trial(trial.Index, trial.ShortName, trial.ConfigJson), trial.Seed,
        trial.Overrides.ToDictionary(pair => pair.Key, pair => JsonElement.Parse(pair.Value?.ToJsonString() ?? "null")));

    // Many at once: a device makes as many files durable together nearly as fast as one.
    private static void WriteConfigurations(SweepDirectory sweep, IEnumerable<(PlanLine Line, TrialPlan Plan)> trials) =>
        Parallel.ForEachAsync(trials, new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce }, (trial, _) =>
        {
            var directory = sweep.Trial(trial.Line);
            Directory.CreateDirectory(directory.Root);
            DurableFile.WriteAllText(directory.ConfigFile, trial.Plan.ConfigJson);
            return ValueTask.CompletedTask;
        }).GetAwaiter().GetResult();

    private static void RequireSameTrials(SweepDirectory sweep, List<PlanLine> lines)
    {
        // How a name is made of a trial's values may change.
        if (sweep.ReadPlan().Select(KnownTrials.HashOf).SequenceEqual(lines.Select(KnownTrials.HashOf))) return;
        throw new InvalidDataException($"{sweep.PlanFile} lists other trials than this sweep has; choose another --output.");
    }
}
