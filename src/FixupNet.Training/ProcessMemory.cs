using System.Diagnostics;
using System.Globalization;

namespace FixupNet.Training;

/// <summary>Memory of this process as the operating system sees it.</summary>
public static class ProcessMemory
{
    // Of this process on Linux alone: a Windows program that runs under Wine finds the file too, and in it another process.
    private const string StatusFile = "/proc/self/status";

    /// <summary>The most memory that has been resident at once, in bytes; on systems without /proc, what .NET reports.</summary>
    public static long PeakBytes => OfStatus("VmHWM:") ?? Process.GetCurrentProcess().PeakWorkingSet64;

    /// <summary>Memory resident now, in bytes; on systems without /proc, what .NET reports.</summary>
    public static long ResidentBytes => OfStatus("VmRSS:") ?? Process.GetCurrentProcess().WorkingSet64;

    private static long? OfStatus(string key)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(StatusFile)) return null;
        var line = File.ReadLines(StatusFile).First(text => text.StartsWith(key, StringComparison.Ordinal));
        var kilobytes = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[^2];
        return long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024;
    }
}
