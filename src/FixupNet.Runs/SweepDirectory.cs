using System.Text.Json;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Files;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs;

/// <summary>The files of one sweep. Creating this object touches no disk.</summary>
/// <param name="path">The sweep's folder.</param>
public sealed class SweepDirectory(string path)
{
    /// <summary>The most trials of a sweep.</summary>
    public const int MaxTrials = 10_000;

    // Values of a grid may be whole sections; what JSON is read into takes forty times as much memory.
    private const int MaxPlanLineBytes = 1 << 20;
    private const int ShownCharacters = 60;

    /// <summary>The sweep's folder.</summary>
    public string Root { get; } = path;

    /// <summary>The sweep as the user wrote it.</summary>
    public string SweepFile => Path.Combine(Root, "sweep.json");

    /// <summary>The sweep with every default and override filled in.</summary>
    public string ResolvedSweepFile => Path.Combine(Root, "sweep.resolved.json");

    /// <summary>The files of weights that trials start from; a <see cref="WeightsRecord"/>. Absent where none does.</summary>
    public string WeightsFile => Path.Combine(Root, "weights.json");

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

    /// <summary>Folder of what trials left that were repeated since: the folder of a trial, and the number of its repetition.</summary>
    public string ReplacedFolder => Path.Combine(Root, "replaced");

    /// <summary>Folder of the report.</summary>
    public string ReportFolder => Path.Combine(Root, "report");

    /// <summary>What is asked of the networks once they are trained, and of the sweep once it has ended; a <see cref="StudyRequests"/>. Absent where nothing is.</summary>
    public string StudiesFile => Path.Combine(Root, "studies.json");

    /// <summary>Reads what is asked.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public StudyRequests ReadStudies() => RunJson.ReadFileIfExists<StudyRequests>(StudiesFile) ?? new StudyRequests([]);

    /// <summary>Folder of what studies of the sweep as a whole found.</summary>
    public string StudiesFolder => Path.Combine(Root, "studies");

    /// <summary>The record of a study of the sweep as a whole, a <see cref="StudyRecord"/>.</summary>
    /// <param name="study">Name of the study.</param>
    public string StudyFile(string study) => Path.Combine(StudiesFolder, $"{study}.json");

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
    /// <exception cref="InvalidDataException">The plan is damaged: a line of it, the order of the trials, or a directory that is not the name
    /// of a folder in trials/ or is another trial's.</exception>
    public IReadOnlyList<PlanLine> ReadPlan()
    {
        using var reader = new JsonLinesReader(PlanFile, MaxPlanLineBytes);
        var plan = new List<PlanLine>();
        var directories = new HashSet<string>();
        while (reader.Read<PlanLine>() is { } trial)
        {
            if (ProblemOf(trial, plan.Count) is { } problem) throw Damaged($"trial {plan.Count} {problem}");
            if (!directories.Add(trial.Directory)) throw Damaged($"trial {plan.Count} has the directory of another one, {trial.Directory}");
            plan.Add(trial);
        }
        // Unlike a log, the plan is written at once: a damaged line is no crash while appending, and would silently cost a trial.
        return reader.FirstDamagedLine is { } line ? throw Damaged($"line {line} is damaged") : plan;
    }

    private static string? ProblemOf(PlanLine trial, int position)
    {
        if (position == MaxTrials) return $"is more than the {MaxTrials} that a sweep may have";
        if (trial.Index != position) return $"has the index {trial.Index}";
        if (!RunNames.IsValid(trial.Directory)) return $"has the directory \"{PrintableText.Shortened(trial.Directory, ShownCharacters)}\"; use [a-z0-9.=-]";
        return trial.Overrides.All(pair => IsText(pair.Value)) ? null : "has an override that is not valid Unicode";
    }

    // A half surrogate pair is found only when the text is asked for.
    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.ValueKind != JsonValueKind.String || value.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private InvalidDataException Damaged(string what) =>
        new($"{PlanFile}: {what}. Nothing was changed; write the plan anew by running the sweep's document into a new folder.");
}
