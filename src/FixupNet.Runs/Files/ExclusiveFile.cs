using System.Runtime.InteropServices;

namespace FixupNet.Runs.Files;

/// <summary>Creates files that exist for one creator only, and never half written.</summary>
internal static partial class ExclusiveFile
{
    private const int ExistsOnUnix = 17; // EEXIST
    private const int ExistsOnWindows = 183; // ERROR_ALREADY_EXISTS

    /// <summary>Gives a file a second name, unless there is a file of that name.</summary>
    /// <param name="source">The file.</param>
    /// <param name="target">Its second name.</param>
    /// <returns>Whether this call did it.</returns>
    /// <exception cref="IOException">It cannot be done.</exception>
    /// <remarks>A hard link needs no space, is there as a whole or not at all, and is exclusive on network file systems too. Where a file
    /// system has none, the file is copied into one created exclusively; that one is empty for a moment.</remarks>
    public static bool TryCreate(string source, string target)
    {
        if (TryLink(source, target, out var exists)) return true;
        return !exists && TryCopy(source, target);
    }

    /// <summary>The way without hard links.</summary>
    /// <inheritdoc cref="TryCreate"/>
    internal static bool TryCopy(string source, string target)
    {
        var content = File.ReadAllBytes(source);
        try
        {
            using var stream = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
            stream.Write(content);
            return true;
        }
        catch (IOException) when (File.Exists(target))
        {
            return false;
        }
    }

    private static bool TryLink(string source, string target, out bool exists)
    {
        var isDone = OperatingSystem.IsWindows() ? CreateHardLink(target, source, 0) : Link(source, target) == 0;
        exists = !isDone && Marshal.GetLastPInvokeError() == (OperatingSystem.IsWindows() ? ExistsOnWindows : ExistsOnUnix);
        return isDone;
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string source, string target);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string target, string source, nint reserved);
}
