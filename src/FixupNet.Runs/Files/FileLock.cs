namespace FixupNet.Runs.Files;

/// <summary>Files that one process at a time holds open, until it dies in whatever way.</summary>
/// <remarks>An exclusive handle, for which .NET takes flock on Unix.</remarks>
public static class FileLock
{
    /// <summary>Whether a process holds a file; means something only on the host of that process.</summary>
    /// <param name="path">The file; none means that no one holds it.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static bool IsHeld(string path)
    {
        try
        {
            // Shared, so that two that ask do not take each other for the holder.
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return false;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException error) when (IsHeld(error))
        {
            return true;
        }
    }

    /// <summary>Takes a file, without waiting for it.</summary>
    /// <exception cref="IOException">Another process holds it, which <see cref="IsHeld(IOException)"/> tells, or it cannot be opened.</exception>
    // Windows deletes what is held only where its holder allows that; on Unix anything but None would share the lock.
    internal static FileStream Take(string path, FileMode mode) =>
        new(path, mode, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None);

    /// <summary>Whether that another process holds a file is why it could not be taken.</summary>
    // EWOULDBLOCK is 11 on Linux and 35 on macOS; ERROR_SHARING_VIOLATION is 32 on Windows.
    internal static bool IsHeld(IOException error) =>
        error.HResult == (OperatingSystem.IsWindows() ? unchecked((int)0x8007_0020) : OperatingSystem.IsMacOS() ? 35 : 11);
}
