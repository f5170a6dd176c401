using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FixupNet.Runs.Files;

/// <summary>fsync with its result checked; .NET's own flush to disk returns normally when the device reports an error.</summary>
internal static partial class NativeSync
{
    private const int Interrupted = 4; // EINTR
    private const int NotSupportedHere = 22; // EINVAL

    /// <summary>Forces a file's content to the device.</summary>
    /// <exception cref="IOException">The device reported an error; what is on disk is unknown, so write a new file.</exception>
    public static void File(SafeFileHandle handle, string path)
    {
        if (OperatingSystem.IsWindows()) RandomAccess.FlushToDisk(handle);
        else if (SyncFile(handle) is not 0 and var error) throw Failed("fsync", path, error);
    }

    /// <summary>Forces a folder's entries to the device, so that a file created or renamed in it survives a power loss.</summary>
    /// <exception cref="IOException">The folder cannot be opened or the device reported an error.</exception>
    public static void Folder(string path)
    {
        if (OperatingSystem.IsWindows()) return; // NTFS journals its folders; there is no call to make
        // A variadic function, called with its fixed arguments only; O_RDONLY is 0, the rest is O_CLOEXEC.
        var descriptor = Open(Path.GetFullPath(path), OperatingSystem.IsMacOS() ? 0x100_0000 : 0x8_0000);
        if (descriptor < 0) throw Failed("open", path, Marshal.GetLastPInvokeError());
        var syncError = SyncDescriptor(descriptor);
        var closeError = Close(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        // Some network file systems refuse to sync folders at all: nothing failed there, and nothing better exists.
        if (syncError is not (0 or NotSupportedHere)) throw Failed("fsync", path, syncError);
        if (closeError is not (0 or Interrupted)) throw Failed("close", path, closeError);
    }

    private static int SyncFile(SafeFileHandle handle)
    {
        while (Sync(handle) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted) return error;
        }
        return 0;
    }

    private static int SyncDescriptor(int descriptor)
    {
        using var handle = new SafeFileHandle(descriptor, ownsHandle: false);
        return SyncFile(handle);
    }

    // As .NET does on Unix, HResult holds the bare errno: callers tell a full disk from other failures by it.
    private static IOException Failed(string call, string path, int error) =>
        new($"{path}: {call} failed: {Marshal.GetPInvokeErrorMessage(error)}.", error);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
