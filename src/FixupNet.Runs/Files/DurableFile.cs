using System.Text;

namespace FixupNet.Runs.Files;

/// <summary>Replaces a file as a whole: after a crash or a power loss its path holds the old content or the new, never a mixture.</summary>
/// <remarks>Temporary file in the same folder, fsync, rename over the target, fsync of the folder.</remarks>
public static class DurableFile
{
    private const string TemporaryPattern = ".*.tmp";
    private const int BufferBytes = 1 << 16;

    // File systems limit a name to 255 bytes, of which a character of UTF-16 takes at most three, and the rest of a temporary name 14.
    private const int MostBytes = 255 - 14;

    /// <summary>Replaces a file by bytes.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="content">The whole content.</param>
    /// <exception cref="IOException">Writing, fsync or rename failed and the old file is as it was; or only the folder's fsync failed, and
    /// the new
    /// file is in place but may not survive a power loss.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void WriteAllBytes(string path, ReadOnlyMemory<byte> content) => Write(path, stream => stream.Write(content.Span));

    /// <summary>Replaces a file by text in UTF-8 without a byte order mark.</summary>
    /// <inheritdoc cref="WriteAllBytes"/>
    public static void WriteAllText(string path, string content) => WriteAllBytes(path, Encoding.UTF8.GetBytes(content));

    /// <summary>Replaces a file by what a callback writes.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="write">Writes the whole content to the stream it is given; whatever it throws leaves the old file as it was.</param>
    /// <inheritdoc cref="WriteAllBytes"/>
    public static void Write(string path, Action<Stream> write)
    {
        var folder = FolderOf(path);
        var temporary = Path.Combine(folder, TemporaryName(Path.GetFileName(path)));
        try
        {
            using (var stream = Create(temporary))
            {
                write(stream);
                Sync(stream);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            DeleteQuietly(temporary);
            throw;
        }
        NativeSync.Folder(folder);
    }

    /// <summary>Creates a file that does not exist yet, for <see cref="Sync"/> to finish.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="IOException">It cannot be created.</exception>
    internal static FileStream Create(string path) => new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes);

    /// <summary>Forces all that was written to a file to the device.</summary>
    /// <exception cref="IOException">The device reported an error; what is on disk is unknown, so write a new file.</exception>
    internal static void Sync(FileStream stream)
    {
        stream.Flush();
        NativeSync.File(stream.SafeFileHandle, stream.Name);
    }

    /// <summary>Makes creations, renames and deletions in a folder survive a power loss.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="IOException">The folder cannot be opened, or the device reported an error.</exception>
    public static void SyncFolder(string path) => NativeSync.Folder(path);

    /// <summary>Deletes the temporary files that killed processes left in a folder. Call it only while no one else writes there.</summary>
    /// <param name="folder">The folder; the folders in it are not entered.</param>
    /// <exception cref="IOException">A file cannot be deleted.</exception>
    public static void DeleteTemporaries(string folder)
    {
        foreach (var leftover in Directory.EnumerateFiles(folder, TemporaryPattern)) File.Delete(leftover);
    }

    // Only the beginning of a name that is as long as names may be: with anything added it would be too long.
    private static string TemporaryName(string name)
    {
        var kept = Encoding.UTF8.GetByteCount(name) <= MostBytes ? name : name[..(MostBytes / 3)];
        return $".{kept}.{Guid.NewGuid().ToString("N")[..8]}.tmp";
    }

    private static string FolderOf(string path) =>
        Path.GetDirectoryName(Path.GetFullPath(path)) ?? throw new ArgumentException($"{path} is not the path of a file.", nameof(path));

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The failure that led here is the one to report; DeleteTemporaries removes the file later.
        }
    }
}
