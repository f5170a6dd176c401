namespace FixupNet.Cli;

/// <summary>Folders for results.</summary>
internal static class OutputFolder
{
    /// <summary>The folder of all runs, where none is named.</summary>
    public const string Runs = "runs";

    /// <summary>Creates a folder and those above it.</summary>
    /// <exception cref="CannotCreateException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public static string Create(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return path;
        }
        catch (IOException error)
        {
            throw new CannotCreateException(path, error);
        }
    }
}
