using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FixupNet.Runs.Files;

namespace FixupNet.Runs.Checkpoints;

/// <summary>The checkpoints of one run: written so that a crash, a full disk or a power loss never costs one that was good.</summary>
/// <remarks>
/// A checkpoint is written into a temporary folder, file by file to the device, the manifest last, and renamed into place; "latest" names it
/// only then, and only then are older ones removed. Whoever writes owns the run's directory (<see cref="RunDirectoryLock"/>).
/// </remarks>
/// <param name="run">The run.</param>
/// <param name="keep">Checkpoints kept beside the best one, at least 1.</param>
public sealed partial class CheckpointStore(TrialDirectory run, int keep)
{
    private const string DamagedEnding = ".corrupt";
    private const string TemporaryPattern = ".tmp-*";
    private const int MaxPointerBytes = 100; // of a name and a line feed

    /// <summary>Writes a checkpoint and removes those no longer due.</summary>
    /// <param name="step">Updates of the weights so far.</param>
    /// <param name="configHash">SHA-256 of the run's configuration.</param>
    /// <param name="logs">The run's logs, already on the device.</param>
    /// <param name="files">The files by name, each with what writes it.</param>
    /// <param name="isBest">Whether it is the best so far.</param>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="IOException">It cannot be written, for want of space for example; those before are as they were.</exception>
    public Checkpoint Save(
        long step, string configHash, IReadOnlyList<LogLength> logs, IReadOnlyList<(string Name, Action<Stream> Write)> files, bool isBest)
    {
        var name = NewName(step);
        var folder = Path.Combine(run.CheckpointsFolder, name);
        var temporary = TemporaryFolder(step);
        long written = 0;
        CheckpointManifest manifest;
        try
        {
            Directory.CreateDirectory(temporary);
            // Before the first checkpoint the folder is new, and a power loss could take its entry with all that is in it.
            if (!File.Exists(run.LatestCheckpointFile)) DurableFile.SyncFolder(run.Root);
            var listed = new List<CheckpointFile>();
            foreach (var (file, write) in files) listed.Add(WriteFile(temporary, file, write, ref written));
            manifest = new CheckpointManifest(CheckpointManifest.CurrentSchema, step, configHash, listed, logs);
            WriteFile(temporary, CheckpointManifest.FileName, stream => stream.Write(manifest.ToBytes()), ref written);
            DurableFile.SyncFolder(temporary);
            Directory.Move(temporary, folder);
            DurableFile.SyncFolder(run.CheckpointsFolder);
            Point(run.LatestCheckpointFile, name);
            if (isBest) MarkBest(name);
        }
        catch (IOException error)
        {
            DeleteQuietly(temporary);
            var last = List().FirstOrDefault(other => other != name);
            throw new IOException(
                $"{run.CheckpointsFolder}: the checkpoint at step {step} cannot be written ({written} of {BytesOf(files)} bytes were): "
                + $"{error.Message.TrimEnd('.')}. {(last is null ? "There is no other" : $"{last} is as it was")}; "
                + "run the same command again once this is put right.",
                error.HResult);
        }
        Prune(name);
        return new Checkpoint(folder, manifest);
    }

    /// <summary>Makes a checkpoint the best one.</summary>
    /// <param name="name">Name of its folder.</param>
    /// <exception cref="IOException">It cannot be written down.</exception>
    public void MarkBest(string name) => Point(run.BestCheckpointFile, name);

    /// <summary>Finishes what a crash between writing a checkpoint and naming it has left undone, now that the run continues from there.</summary>
    /// <param name="name">Name of the checkpoint's folder.</param>
    /// <param name="isBest">Whether it is the best so far.</param>
    /// <exception cref="IOException">It cannot be written down.</exception>
    public void Adopt(string name, bool isBest)
    {
        if (Read(run.LatestCheckpointFile) != name) Point(run.LatestCheckpointFile, name);
        if (isBest && Read(run.BestCheckpointFile) != name) MarkBest(name);
        Prune(name);
    }

    /// <summary>Finds the newest checkpoint that is intact and whose logs are all there.</summary>
    /// <param name="setAside">Whether damaged ones found on the way are renamed, so that nobody meets them again.</param>
    /// <param name="damaged">Takes those that cannot be used.</param>
    /// <param name="configHashes">SHA-256 of the configurations of which it must be one; null for any.</param>
    /// <returns>The checkpoint; null where there is none.</returns>
    /// <exception cref="InvalidDataException">One that is intact is of another configuration.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public Checkpoint? FindNewest(bool setAside, ICollection<DamagedCheckpoint> damaged, IReadOnlyCollection<string>? configHashes = null)
    {
        foreach (var name in List())
        {
            var folder = Path.Combine(run.CheckpointsFolder, name);
            if (TryVerify(folder, out var problem) is not { } checkpoint)
            {
                damaged.Add(new DamagedCheckpoint(setAside ? SetAside(folder) : folder, problem));
                continue;
            }
            if (configHashes?.Contains(checkpoint.Manifest.ConfigHash) == false)
                throw new InvalidDataException($"{folder} is a checkpoint of another configuration than {run.ConfigFile}; choose another --output.");
            if (MissingLog(checkpoint.Manifest) is not { } missing) return checkpoint;
            damaged.Add(new DamagedCheckpoint(folder, missing, IsIntact: true));
        }
        return null;
    }

    /// <summary>The names of the checkpoints, newest first; damaged ones that were set aside are left out.</summary>
    public IReadOnlyList<string> List() => !Directory.Exists(run.CheckpointsFolder)
        ? []
        : [.. Directory.EnumerateDirectories(run.CheckpointsFolder).Select(folder => Path.GetFileName(folder)!).Where(name => NamePattern().IsMatch(name))
            .OrderByDescending(Order)];

    /// <summary>Removes what writers that were killed left behind.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public void RemoveUnfinished()
    {
        if (!Directory.Exists(run.CheckpointsFolder)) return;
        foreach (var folder in Directory.EnumerateDirectories(run.CheckpointsFolder, TemporaryPattern)) Directory.Delete(folder, recursive: true);
        DurableFile.DeleteTemporaries(run.CheckpointsFolder);
    }

    /// <summary>Removes every checkpoint but the damaged ones that were set aside.</summary>
    /// <exception cref="IOException">One cannot be removed.</exception>
    public void RemoveAll()
    {
        if (!Directory.Exists(run.CheckpointsFolder)) return;
        File.Delete(run.LatestCheckpointFile);
        File.Delete(run.BestCheckpointFile);
        foreach (var name in List()) Remove(name);
        if (!Directory.EnumerateFileSystemEntries(run.CheckpointsFolder).Any()) Directory.Delete(run.CheckpointsFolder);
    }

    /// <summary>The checkpoint that a text file names.</summary>
    /// <param name="pointer">The file.</param>
    /// <returns>The folder's name; null where the file is missing or names none.</returns>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string? Read(string pointer)
    {
        try
        {
            var name = Encoding.UTF8.GetString(BoundedFile.ReadBeginning(pointer, MaxPointerBytes).Span).Trim();
            return NamePattern().IsMatch(name) ? name : null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static CheckpointFile WriteFile(string folder, string name, Action<Stream> write, ref long written)
    {
        using var stream = DurableFile.Create(Path.Combine(folder, name));
        using var hashing = new HashingStream(stream);
        try
        {
            write(hashing);
            DurableFile.Sync(stream);
        }
        finally
        {
            written += hashing.Length;
        }
        return new CheckpointFile(name, hashing.Length, hashing.Digest());
    }

    // Counted by writing to nowhere: how much room is needed is asked only when there is too little.
    private static long BytesOf(IReadOnlyList<(string Name, Action<Stream> Write)> files)
    {
        using var counting = new HashingStream(Stream.Null);
        foreach (var (_, write) in files) write(counting);
        return counting.Length;
    }

    // A run that was interrupted just before an evaluation and just after it has two checkpoints at the same step.
    private string NewName(long step)
    {
        var first = RunNames.Checkpoint(step);
        var name = first;
        for (var count = 1; Directory.Exists(Path.Combine(run.CheckpointsFolder, name)); count++) name = $"{first}.{count}";
        return name;
    }

    private static void Point(string pointer, string name) => DurableFile.WriteAllText(pointer, name + "\n");

    private void Prune(string newest)
    {
        var best = Read(run.BestCheckpointFile);
        foreach (var name in List().SkipWhile(name => name != newest).Skip(keep).Where(name => name != best)) Remove(name);
    }

    // Moved first: one that a crash left half removed would look like a damaged one.
    private void Remove(string name)
    {
        var (folder, temporary) = (Path.Combine(run.CheckpointsFolder, name), TemporaryFolder(Order(name).Step));
        try
        {
            Directory.Move(folder, temporary);
            Directory.Delete(temporary, recursive: true);
        }
        catch (IOException error)
        {
            throw new IOException($"{folder}: cannot be removed, though newer checkpoints have taken its place: {error.Message}", error.HResult);
        }
    }

    private string TemporaryFolder(long step) => Path.Combine(run.CheckpointsFolder, $".tmp-{step}-{Guid.NewGuid().ToString("N")[..8]}");

    private static Checkpoint? TryVerify(string folder, out string problem)
    {
        problem = "";
        try
        {
            var checkpoint = Checkpoint.Verify(folder);
            if (checkpoint.Manifest.Step == Order(checkpoint.Name).Step) return checkpoint;
            problem = $"{folder}: is of step {checkpoint.Manifest.Step}, which its name is not.";
            return null;
        }
        catch (InvalidDataException error)
        {
            problem = error.Message;
            return null;
        }
    }

    private string? MissingLog(CheckpointManifest manifest)
    {
        foreach (var log in manifest.Logs)
        {
            var file = new FileInfo(Path.Combine(run.Root, log.Name));
            if (!file.Exists || file.Length < log.Bytes)
                return $"{file.FullName}: is {(file.Exists ? file.Length : 0)} bytes long where the checkpoint was written after {log.Bytes}; lines were lost.";
        }
        return null;
    }

    private static string SetAside(string folder)
    {
        var target = folder + DamagedEnding;
        for (var count = 1; Directory.Exists(target); count++) target = $"{folder}{DamagedEnding}-{count}";
        Directory.Move(folder, target);
        DurableFile.SyncFolder(Path.GetDirectoryName(folder)!);
        return target;
    }

    private static void DeleteQuietly(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report; RemoveUnfinished removes the folder later.
        }
    }

    private static (long Step, int Count) Order(string name)
    {
        var match = NamePattern().Match(name);
        return (long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), match.Groups[2] is { Length: > 0 } count ? int.Parse(count.ValueSpan, CultureInfo.InvariantCulture) : 0);
    }

    [GeneratedRegex(@"\Astep-([0-9]{10,18})(?:\.([0-9]{1,6}))?\z")]
    private static partial Regex NamePattern();
}
