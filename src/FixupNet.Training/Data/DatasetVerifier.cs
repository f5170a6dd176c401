namespace FixupNet.Training.Data;

/// <summary>Checks the files of a dataset one by one without loading it; finds all that is wrong instead of stopping at the first.</summary>
public static class DatasetVerifier
{
    /// <summary>Checks presence, size, header, every label and the published sum of each file.</summary>
    /// <param name="entry">A dataset that is read from files.</param>
    /// <param name="root">As in the options; null for the usual place.</param>
    /// <returns>A row a file, training files first.</returns>
    /// <exception cref="ArgumentException">The dataset is not read from files.</exception>
    public static IReadOnlyList<FileVerification> Verify(DatasetEntry entry, string? root = null)
    {
        if (entry.Layout is not { } layout) throw new ArgumentException($"{entry.Name} needs no files.", nameof(entry));
        var folder = layout.BestFolder(root);
        return [.. layout.Files.Select(file => VerifyFile(file, folder))];
    }

    private static FileVerification VerifyFile(DatasetFile file, string folder)
    {
        if (file.PathIn(folder) is not { } path)
            return new(Path.Combine(folder, file.Name), FileState.Missing, $"missing; expected {file.Bytes} bytes");
        try
        {
            DatasetFileReader.Check(file, path);
        }
        catch (DatasetCorruptException error)
        {
            return new(path, FileState.Corrupt, $"found {error.Found}; expected {error.Expected}");
        }
        if (file.Official is not { } official) return new(path, FileState.Sound, "sound; no sum is published");
        using var content = DatasetFileReader.OpenUnpacked(path);
        return official.Matches(content)
            ? new(path, FileState.Official, $"sound; the official {official.Algorithm}")
            : new(path, FileState.Sound, $"sound, but not the official file: its {official.Algorithm} is not {official.Hex}");
    }
}

/// <summary>What was found out about one file.</summary>
/// <param name="Path">Where it lies, or should lie.</param>
/// <param name="State">The verdict.</param>
/// <param name="Message">The verdict in words, with what was found and what is expected.</param>
public sealed record FileVerification(string Path, FileState State, string Message);

/// <summary>The verdict on one file of a dataset; only the first two can be loaded.</summary>
public enum FileState
{
    /// <summary>Sound, and byte for byte the published file.</summary>
    Official,

    /// <summary>Right size, header and labels, but other content than published: a re-encoded copy, or damaged pixels.</summary>
    Sound,

    /// <summary>Not there.</summary>
    Missing,

    /// <summary>Wrong size, header or labels.</summary>
    Corrupt,
}
