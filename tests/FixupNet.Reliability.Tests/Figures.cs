using System.Globalization;

namespace FixupNet.Reliability.Tests;

/// <summary>What was measured of each promise, for the end of "./fixupnet test" to print.</summary>
internal static class Figures
{
    private static readonly Lock s_writing = new();

    /// <summary>Notes a figure.</summary>
    /// <param name="promise">Number of the promise in README's table "What a run survives".</param>
    /// <param name="figure">What was counted, such as "200 random kills, 0 mismatches".</param>
    internal static void Note(int promise, string figure)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"promise {promise,2}: {figure}");
        TestContext.Out.WriteLine(line);
        if (Environment.GetEnvironmentVariable("FIXUPNET_FIGURES") is not { Length: > 0 } file) return;
        lock (s_writing) File.AppendAllText(file, line + "\n");
    }
}
