namespace FixupNet.Runs;

/// <summary>Exclusive ownership of a run directory: held until disposed or until the process dies, in whatever way it dies.</summary>
/// <remarks>An exclusive handle on the file ".lock", for which .NET takes flock on Unix. The file stays: deleting it would let two
/// processes each
/// lock one of two files of that name.</remarks>
public sealed class RunDirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private RunDirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes ownership of a run directory, without waiting for it.</summary>
    /// <param name="directory">The run directory, which must exist.</param>
    /// <param name="advice">What to do where another process owns it.</param>
    /// <returns>The ownership; dispose it to give it up.</returns>
    /// <exception cref="RunDirectoryInUseException">Another process, or another part of this one, owns the directory.</exception>
    /// <exception cref="IOException">The lock file cannot be created.</exception>
    public static RunDirectoryLock Acquire(string directory, string advice = "wait until it has ended, or choose another directory")
    {
        try
        {
            return new(new FileStream(Path.Combine(directory, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error) when (IsLocked(error))
        {
            throw new RunDirectoryInUseException(directory, advice, error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // EWOULDBLOCK is 11 on Linux and 35 on macOS; ERROR_SHARING_VIOLATION is 32 on Windows.
    internal static bool IsLocked(IOException error) =>
        error.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x8007_0020) : OperatingSystem.IsMacOS() ? 35 : 11);
}
