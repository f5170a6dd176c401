namespace FixupNet.Runs.Records;

/// <summary>A worker of a sweep, as it tells the others of itself; also the content of its claims.</summary>
/// <param name="Worker">Its name, unlike that of any other worker.</param>
/// <param name="Machine">Name of its machine, for people.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="LeaseSeconds">How long it may be silent before others may take it for dead.</param>
/// <param name="Beat">Counts up for as long as it lives.</param>
/// <param name="Host">Its host, as <see cref="Claims.LocalHost"/> tells them apart; absent where that is unknown.</param>
public sealed record WorkerRecord(string Worker, string Machine, int ProcessId, double LeaseSeconds, long Beat, string? Host = null)
{
    /// <summary>The first beat: every later one has as many digits, so that the record can be overwritten in its place.</summary>
    public const long FirstBeat = 1_000_000_000;
}
