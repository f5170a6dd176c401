namespace FixupNet.Runs;

/// <summary>Another process works in a run directory.</summary>
public sealed class RunDirectoryInUseException : IOException
{
    /// <summary>Creates the exception for one directory.</summary>
    /// <param name="directory">The run directory.</param>
    /// <param name="advice">What to do about it.</param>
    /// <param name="cause">What the operating system said; null where a record told.</param>
    public RunDirectoryInUseException(string directory, string advice, Exception? cause = null)
        : base($"{directory} is in use by another process; {advice}.", cause) =>
        Directory = directory;

    /// <summary>The run directory.</summary>
    public string Directory { get; }
}
