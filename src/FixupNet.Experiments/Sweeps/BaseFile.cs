namespace FixupNet.Experiments.Sweeps;

/// <summary>Finds the file a sweep's base names: beside the sweep or below, never elsewhere.</summary>
internal static class BaseFile
{
    /// <summary>The file's path, or null with the reason.</summary>
    public static string? Resolve(string sweepFile, string name, out string problem)
    {
        problem = "";
        var segments = name.Split('/');
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
        problem = $"there is no file {path}";
        return null;
    }
}
