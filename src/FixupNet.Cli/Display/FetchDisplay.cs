using FixupNet.Cli.Host;
using FixupNet.Training.Data;

namespace FixupNet.Cli.Display;

/// <summary>A line every few seconds of a download.</summary>
/// <param name="console">Takes the lines.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class FetchDisplay(ConsoleSink console, TimeProvider clock) : IProgress<FetchProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private long _shown = clock.GetTimestamp();

    /// <inheritdoc/>
    public void Report(FetchProgress value)
    {
        if (clock.GetElapsedTime(_shown) < Interval) return;
        _shown = clock.GetTimestamp();
        var of = value.TotalBytes is { } total ? $" of {RunText.Bytes(total)}" : "";
        console.WriteLine($"{value.Address}: {RunText.Bytes(value.ReceivedBytes)}{of}");
    }
}
