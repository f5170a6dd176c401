using System.Globalization;
using FixupNet.Runs.Files;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Claims;

/// <summary>Who may work on which trial of a sweep: the folder "claims". Creating this object touches no disk.</summary>
/// <remarks>A claim is a file "trial.generation.json", created exclusively; the highest generation owns the trial, and creating the next one
/// takes the trial over. "trial.generation.released" beside it gives the trial up. No file of a claim is ever changed or deleted, so that a
/// generation cannot come twice.</remarks>
/// <param name="path">The folder.</param>
public sealed class ClaimsDirectory(string path)
{
    private const string ClaimExtension = ".json";
    private const string ReleasedExtension = ".released";

    /// <summary>The folder.</summary>
    public string Root { get; } = path;

    /// <summary>Folder of what the workers tell of themselves.</summary>
    public string WorkersFolder => Path.Combine(Root, "workers");

    /// <summary>Whether all workers are asked to end, by the file "stop".</summary>
    /// <exception cref="IOException">On setting: the file cannot be created or deleted.</exception>
    public bool IsStopped
    {
        get => File.Exists(StopFile);
        set
        {
            Directory.CreateDirectory(Root);
            if (value) File.WriteAllText(StopFile, "");
            else File.Delete(StopFile);
        }
    }

    /// <summary>A worker's <see cref="WorkerRecord"/>.</summary>
    /// <param name="worker">Its name, of [a-z0-9.=-].</param>
    public string WorkerFile(string worker) => Path.Combine(WorkersFolder, Checked(worker) + ".json");

    /// <summary>File that a worker keeps locked while it lives.</summary>
    /// <param name="worker">Its name, of [a-z0-9.=-].</param>
    public string LockFile(string worker) => Path.Combine(WorkersFolder, Checked(worker) + ".lock");

    /// <summary>File of a claim; its content is the owner's <see cref="WorkerRecord"/>.</summary>
    /// <param name="trial">Index of the trial.</param>
    /// <param name="generation">Number of the claim, from 1.</param>
    public string ClaimFile(int trial, int generation) => FileOf(trial, generation, ClaimExtension);

    /// <summary>Whether there is a claim.</summary>
    /// <param name="trial">Index of the trial.</param>
    /// <param name="generation">Number of the claim, from 1.</param>
    public bool Exists(int trial, int generation) => File.Exists(ClaimFile(trial, generation));

    /// <summary>Whether a claim was given up.</summary>
    /// <param name="trial">Index of the trial.</param>
    /// <param name="generation">Number of the claim, from 1.</param>
    public bool IsReleased(int trial, int generation) => File.Exists(FileOf(trial, generation, ReleasedExtension));

    /// <summary>Claims a trial, unless another worker has that generation.</summary>
    /// <param name="trial">Index of the trial.</param>
    /// <param name="generation">Number of the claim: one more than the highest known.</param>
    /// <param name="worker">Name of the worker, whose record is written.</param>
    /// <returns>Whether the claim is this worker's.</returns>
    /// <exception cref="IOException">The claim cannot be created.</exception>
    public bool TryClaim(int trial, int generation, string worker) =>
        ExclusiveFile.TryCreate(WorkerFile(worker), ClaimFile(trial, generation))
        // A network file system may have lost the answer to a first try that succeeded, and refuse its own repetition.
        || ReadOwner(trial, generation)?.Worker == worker;

    /// <summary>Gives a claim up.</summary>
    /// <param name="trial">Index of the trial.</param>
    /// <param name="generation">Number of the claim.</param>
    /// <param name="worker">Name of the worker, which owns the claim.</param>
    /// <exception cref="IOException">That cannot be recorded.</exception>
    public void Release(int trial, int generation, string worker) =>
        ExclusiveFile.TryCreate(WorkerFile(worker), FileOf(trial, generation, ReleasedExtension));

    /// <summary>Reads whose a claim is.</summary>
    /// <param name="trial">Index of the trial.</param>
    /// <param name="generation">Number of the claim.</param>
    /// <returns>The owner when it made the claim, or null where there is no claim or it is damaged.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public WorkerRecord? ReadOwner(int trial, int generation) => Read(ClaimFile(trial, generation));

    /// <summary>Reads what a worker told last.</summary>
    /// <param name="worker">Its name.</param>
    /// <returns>The record, or null where there is none or it is damaged.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public WorkerRecord? ReadWorker(string worker) => Read(WorkerFile(worker));

    /// <summary>Lists the highest claim to each trial, released or not.</summary>
    /// <returns>Generations by index of the trial; those without a claim are absent.</returns>
    public IReadOnlyDictionary<int, int> ListGenerations()
    {
        var highest = new Dictionary<int, int>();
        if (!Directory.Exists(Root)) return highest;
        foreach (var file in Directory.EnumerateFiles(Root, "*" + ClaimExtension))
        {
            if (Parse(Path.GetFileName(file.AsSpan())) is not var (trial, generation)) continue;
            highest[trial] = Math.Max(generation, highest.GetValueOrDefault(trial));
        }
        return highest;
    }

    private string StopFile => Path.Combine(Root, "stop");

    private static (int Trial, int Generation)? Parse(ReadOnlySpan<char> name)
    {
        name = name[..^ClaimExtension.Length];
        var dot = name.IndexOf('.');
        return dot > 0 && TryParse(name[..dot], out var trial) && TryParse(name[(dot + 1)..], out var generation) ? (trial, generation) : null;
    }

    private static bool TryParse(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static WorkerRecord? Read(string file)
    {
        try
        {
            // The name leads to further files.
            return RunJson.ReadFileIfExists<WorkerRecord>(file) is { } record && RunNames.IsValid(record.Worker) ? record : null;
        }
        catch (InvalidDataException)
        {
            // What a power loss leaves of a file says nothing, and must not end a sweep.
            return null;
        }
    }

    private static string Checked(string worker) => RunNames.IsValid(worker)
        ? worker
        : throw new ArgumentException($"\"{worker}\" is no name of a worker; use [a-z0-9.=-].", nameof(worker));

    private string FileOf(int trial, int generation, string extension) =>
        Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"{trial:D4}.{generation:D4}{extension}"));
}
