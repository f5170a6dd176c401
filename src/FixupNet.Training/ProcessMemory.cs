using System.Globalization;

namespace FixupNet.Training;

/// <summary>Memory of this process as the operating system sees it.</summary>
public static class ProcessMemory
{
    private const string StatusFile = "/proc/self/status";

    /// <summary>The most memory that has been resident at once, in bytes; on systems without /proc, what .NET reports.</summary>
    public static long PeakBytes
    {
        get
        {
            if (!File.Exists(StatusFile)) return System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64;
            var line = File.ReadLines(StatusFile).First(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            var kilobytes = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[^2];
            return long.Parse(kilobytes, CultureInfo.InvariantCulture) * 1024;
        }
    }
}
