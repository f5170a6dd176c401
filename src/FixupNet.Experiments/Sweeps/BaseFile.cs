using FixupNet.Experiments.Configuration.Schema;
using FixupNet.Runs;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Finds the file a sweep's base names: beside the sweep or below, never elsewhere.</summary>
internal static class BaseFile
{
    // As for every text of a document.
    private const int MaxLength = TextSchema.MaxLength;
    private const int ShownCharacters = 300;

    /// <summary>The file's path, or null with the reason.</summary>
    public static string? Resolve(string sweepFile, string name, out string problem)
    {
        problem = "";
        var segments = name.Length <= MaxLength ? name.Split('/') : [];
        if (segments.Length == 0)
        {
            problem = $"must not be longer than {MaxLength} characters";
            return null;
        }
        if (name.Contains('\\') || name.Contains(':') || name.Any(char.IsControl) || segments.Any(segment => segment is "" or "." or ".."))
        {
            problem = "must be a relative path with forward slashes to a file beside the sweep or below, without \"..\"";
            return null;
        }
        var path = Path.GetDirectoryName(sweepFile) ?? "";
        foreach (var segment in segments)
        {
            path = Path.Combine(path, segment);
            if (new FileInfo(path).LinkTarget is not null)
            {
                problem = "must not pass through a symbolic link";
                return null;
            }
        }
        if (File.Exists(path)) return path;
        problem = $"there is no file {PrintableText.Shortened(path, ShownCharacters)}";
        return null;
    }
}
