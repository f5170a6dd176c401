namespace FixupNet.Training.Data;

/// <summary>Checks the files of a dataset one by one without loading it; finds all that is wrong instead of stopping at the first.</summary>
public static class DatasetVerifier
{
    /// <summary>Checks presence, size, header, every label and the sum of each file; records the sums of sound files that are not the published
    /// ones, so that a change is noticed from then on.</summary>
    /// <param name="entry">A dataset that is read from files.</param>
    /// <param name="root">As in the options; null for the usual place.</param>
    /// <returns>A row a file, training files first.</returns>
    /// <exception cref="ArgumentException">The dataset is not read from files.</exception>
    /// <exception cref="DatasetCorruptException">The record of sums is damaged.</exception>
    public static IReadOnlyList<FileVerification> Verify(DatasetEntry entry, string? root = null)
    {
        if (entry.Layout is not { } layout) throw new ArgumentException($"{entry.Name} needs no files.", nameof(entry));
        var folder = layout.BestFolder(root);
        var recorded = RecordedDigests.Read(folder);
        var unrecorded = new List<(string Path, string Sum)>();
        List<FileVerification> rows = [.. layout.Files.Select(file => VerifyFile(file, folder, recorded, unrecorded))];
        return unrecorded.Count == 0 || Record(recorded, unrecorded) is not { } problem ? rows : [.. rows.Select(row => NotRecorded(row, problem))];
    }

    private static FileVerification VerifyFile(DatasetFile file, string folder, RecordedDigests recorded, List<(string Path, string Sum)> unrecorded)
    {
        if (file.PathIn(folder) is not { } path)
            return new(Path.Combine(folder, file.Name), FileState.Missing, $"missing; expected {file.Bytes} bytes");
        try
        {
            var (origin, sum) = DatasetFileReader.Check(file, path, recorded);
            if (origin == FileOrigin.Published) return new(path, FileState.Official, $"sound; the official {file.Official!.Algorithm}");
            if (origin == FileOrigin.Recorded) return new(path, FileState.Recorded, $"sound; as recorded in {RecordedDigests.FileName}");
            unrecorded.Add((path, sum));
            return new(path, FileState.Sound, $"{NotOfficial(file)}; its sha256 was recorded in {RecordedDigests.FileName}, to notice any change");
        }
        catch (DatasetCorruptException error)
        {
            return new(path, FileState.Corrupt, $"found {error.Found}; expected {error.Expected}");
        }
    }

    private static string NotOfficial(DatasetFile file) => file.Official is { } official
        ? $"sound, but not the official file: its {official.Algorithm} is not {official.Hex}"
        : "sound; no sum is published";

    // A folder shared by many is often read-only: what was found out is told all the same.
    private static string? Record(RecordedDigests recorded, List<(string Path, string Sum)> sums)
    {
        try
        {
            recorded.Add(sums);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    private static FileVerification NotRecorded(FileVerification row, string problem) => row.State == FileState.Sound
        ? row with { Message = $"{row.Message.Split("; its sha256 was")[0]}; its sha256 could not be recorded: {problem}" }
        : row;
}

/// <summary>What was found out about one file.</summary>
/// <param name="Path">Where it lies, or should lie.</param>
/// <param name="State">The verdict.</param>
/// <param name="Message">The verdict in words, with what was found and what is expected.</param>
public sealed record FileVerification(string Path, FileState State, string Message);

/// <summary>The verdict on one file of a dataset; only the first three can be loaded.</summary>
public enum FileState
{
    /// <summary>Sound, and byte for byte the published file.</summary>
    Official,

    /// <summary>Byte for byte what was recorded when it was fetched or verified.</summary>
    Recorded,

    /// <summary>Right size, header and labels, but other content than published: a re-encoded copy, or damaged pixels.</summary>
    Sound,

    /// <summary>Not there.</summary>
    Missing,

    /// <summary>Wrong size, header or labels.</summary>
    Corrupt,
}
