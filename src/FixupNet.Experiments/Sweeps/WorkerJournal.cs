using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Writes down what happens to a worker's trials, and tells it to whoever looks on.</summary>
/// <param name="file">The journal, created with its first line.</param>
/// <param name="observe">Told every line, by one thread at a time.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class WorkerJournal(string file, Action<SweepEvent> observe, TimeProvider clock) : IDisposable
{
    private readonly Lock _writing = new();
    private JsonLinesWriter? _writer;

    /// <summary>Writes a line about a trial; an end is on the device when this returns.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(SweepEventKind what, HeldClaim claim, TrialState? state = null, double? seconds = null, int? exitCode = null, string? reason = null)
    {
        var line = new SweepEvent(clock.GetUtcNow(), what, claim.Line.Index, claim.Generation, claim.Line.Name, state, seconds, exitCode, reason);
        lock (_writing)
        {
            var writer = _writer ??= Open();
            writer.Write(line);
            if (what == SweepEventKind.Ended) writer.Sync();
            observe(line);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();

    private JsonLinesWriter Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return new JsonLinesWriter(file);
    }
}
