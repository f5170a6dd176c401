using FixupNet.Runs.Files;

namespace FixupNet.Runs;

/// <summary>Exclusive ownership of a run directory: held until disposed or until the process dies, in whatever way it dies.</summary>
/// <remarks>A lock on the file ".lock", which stays: deleting it would let two processes each lock one of two files of that name.</remarks>
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
            return new(FileLock.Take(FileOf(directory), FileMode.OpenOrCreate));
        }
        catch (IOException error) when (FileLock.IsHeld(error))
        {
            throw new RunDirectoryInUseException(directory, advice, error);
        }
    }

    /// <summary>Whether a process on this host owns a run directory.</summary>
    /// <param name="directory">The run directory.</param>
    /// <exception cref="IOException">The lock file cannot be opened.</exception>
    public static bool IsHeld(string directory) => FileLock.IsHeld(FileOf(directory));

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string FileOf(string directory) => Path.Combine(directory, ".lock");
}
