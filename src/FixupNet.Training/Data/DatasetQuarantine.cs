using FixupNet.Runs.Files;

namespace FixupNet.Training.Data;

/// <summary>Sets a damaged file of a dataset aside, under another name beside it: nobody trains on it, and nothing is lost.</summary>
internal static class DatasetQuarantine
{
    /// <summary>Ending of the new name; a number follows where that name is taken.</summary>
    public const string Ending = ".corrupt";

    /// <summary>Renames the file, and says so.</summary>
    /// <param name="error">What is wrong with it.</param>
    /// <param name="dataset">Registry name of the dataset.</param>
    /// <returns>The same error, and what became of the file.</returns>
    public static DatasetCorruptException SetAside(DatasetCorruptException error, string dataset)
    {
        var target = error.File + Ending;
        for (var count = 2; File.Exists(target); count++) target = $"{error.File}{Ending}-{count}";
        try
        {
            File.Move(error.File, target, overwrite: false);
            DurableFile.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(target))!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return With(error, $"It could not be set aside ({failure.Message.TrimEnd('.')}): move it away yourself, then put a sound copy in its place.");
        }
        return With(error, $"It was set aside as {target}; put a sound copy in its place, or get it with \"fixupnet data fetch {dataset}\".");
    }

    /// <summary>Names of files set aside in a folder, of those that a dataset lacks there.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="missing">Names of the files.</param>
    public static IReadOnlyList<string> Find(string folder, IEnumerable<string> missing) => !Directory.Exists(folder)
        ? []
        : [.. missing.SelectMany(name => Directory.EnumerateFiles(folder, $"{name}*{Ending}*")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static DatasetCorruptException With(DatasetCorruptException error, string note) =>
        new(error.File, error.Found, error.Expected, error.InnerException, note);
}
