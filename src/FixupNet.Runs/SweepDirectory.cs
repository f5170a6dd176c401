using System.Text.Json;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Runs;

/// <summary>The files of one sweep. Creating this object touches no disk.</summary>
/// <param name="path">The sweep's folder.</param>
public sealed class SweepDirectory(string path)
{
    /// <summary>The sweep's folder.</summary>
    public string Root { get; } = path;

    /// <summary>The sweep as the user wrote it.</summary>
    public string SweepFile => Path.Combine(Root, "sweep.json");

    /// <summary>The sweep with every default and override filled in.</summary>
    public string ResolvedSweepFile => Path.Combine(Root, "sweep.resolved.json");

    /// <summary>The trials; lines of <see cref="PlanLine"/>.</summary>
    public string PlanFile => Path.Combine(Root, "plan.jsonl");

    /// <summary>Folder of what each worker did.</summary>
    public string JournalFolder => Path.Combine(Root, "journal");

    /// <summary>The workers' claims to trials.</summary>
    public ClaimsDirectory Claims { get; } = new(Path.Combine(path, "claims"));

    /// <summary>Folder of what starts the workers elsewhere, and of what they say.</summary>
    public string LaunchFolder => Path.Combine(Root, "launch");

    /// <summary>Folder of the trials' folders.</summary>
    public string TrialsFolder => Path.Combine(Root, "trials");

    /// <summary>Folder of the report.</summary>
    public string ReportFolder => Path.Combine(Root, "report");

    /// <summary>Journal of one worker.</summary>
    /// <param name="worker">Name of the worker, of [a-z0-9.=-].</param>
    /// <exception cref="ArgumentException">The name holds something else.</exception>
    public string JournalFile(string worker) => RunNames.IsValid(worker)
        ? Path.Combine(JournalFolder, worker + ".jsonl")
        : throw new ArgumentException($"\"{worker}\" is no name of a worker; use [a-z0-9.=-].", nameof(worker));

    /// <summary>The files of one trial.</summary>
    /// <param name="trial">A line of the plan.</param>
    public TrialDirectory Trial(PlanLine trial) => new(Path.Combine(TrialsFolder, trial.Directory));

    /// <summary>Takes the sweep for the one process that creates, drives and reports it; workers need no ownership.</summary>
    /// <returns>The ownership; dispose it to give it up.</returns>
    /// <exception cref="RunDirectoryInUseException">Another process has it.</exception>
    /// <exception cref="IOException">The lock file cannot be created.</exception>
    public RunDirectoryLock Acquire() => RunDirectoryLock.Acquire(Root, $"to help it, run \"fixupnet sweep worker {Root}\"");

    /// <summary>Writes the plan, as a whole.</summary>
    /// <param name="plan">The trials.</param>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    public void WritePlan(IEnumerable<PlanLine> plan) => DurableFile.Write(PlanFile, stream =>
    {
        foreach (var trial in plan)
        {
            JsonSerializer.Serialize(stream, trial, RunJson.Info<PlanLine>(RunJson.Compact));
            stream.Write("\n"u8);
        }
    });

    /// <summary>Reads the plan.</summary>
    /// <exception cref="FileNotFoundException">There is no plan.</exception>
    /// <exception cref="InvalidDataException">The plan is damaged, or a trial's directory is not the name of a folder in
    /// trials/.</exception>
    public IReadOnlyList<PlanLine> ReadPlan()
    {
        using var reader = new JsonLinesReader(PlanFile);
        var plan = new List<PlanLine>();
        while (reader.Read<PlanLine>() is { } trial)
        {
            if (!RunNames.IsValid(trial.Directory))
                throw new InvalidDataException($"{PlanFile}: trial {trial.Index} has the directory \"{trial.Directory}\"; use [a-z0-9.=-].");
            plan.Add(trial);
        }
        // Unlike a log, the plan is written at once: a damaged end is no crash while appending, and would silently cost a trial.
        return reader.HasDamagedEnd ? throw new InvalidDataException($"{PlanFile}: the last line is damaged.") : plan;
    }
}
