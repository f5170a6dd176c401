using System.Text.Json;
using FixupNet.Runs.Files;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Claims;

/// <summary>What a living worker shows to the others: a locked file for those on its host, a counter for those on other hosts.</summary>
/// <remarks>Not safe for use by several threads.</remarks>
public sealed class WorkerPresence : IDisposable
{
    private readonly ClaimsDirectory _claims;
    private readonly FileStream _lock;
    private WorkerRecord _record;

    private WorkerPresence(ClaimsDirectory claims, WorkerRecord record, FileStream ownLock) => (_claims, _record, _lock) = (claims, record, ownLock);

    /// <summary>Name of the worker.</summary>
    public string Worker => _record.Worker;

    /// <summary>The worker's host; null where it is unknown, or where file locks have no effect there.</summary>
    public string? Host => _record.Host;

    /// <summary>Makes a new worker known.</summary>
    /// <param name="claims">The sweep's claims; the folder is made where missing.</param>
    /// <param name="lease">How long the worker may be silent before others may take it for dead.</param>
    /// <param name="host">The worker's host; null where it is unknown.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static WorkerPresence Announce(ClaimsDirectory claims, TimeSpan lease, string? host)
    {
        Directory.CreateDirectory(claims.WorkersFolder);
        var worker = NewName();
        // First the lock: whoever reads the record may try it.
        var file = FileLock.Take(claims.LockFile(worker), FileMode.CreateNew);
        try
        {
            if (!FileLock.IsHeld(claims.LockFile(worker))) host = null;
            var record = new WorkerRecord(worker, Environment.MachineName, Environment.ProcessId, lease.TotalSeconds, WorkerRecord.FirstBeat, host);
            File.WriteAllBytes(claims.WorkerFile(worker), Text(record));
            return new WorkerPresence(claims, record, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Shows that the worker lives.</summary>
    /// <exception cref="IOException">The file cannot be written, or is gone.</exception>
    public void Beat()
    {
        _record = _record with { Beat = _record.Beat + 1 };
        // In its place and always of the same length: that needs no space on a full disk, and no reader sees half of it. Opened anew: closing
        // is when a network file system hands on what was written.
        using var file = File.OpenHandle(_claims.WorkerFile(Worker), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(file, Text(_record), 0);
    }

    /// <summary>Removes what the worker showed; to be called when it holds no claim.</summary>
    /// <exception cref="IOException">A file cannot be deleted.</exception>
    public void Leave()
    {
        File.Delete(_claims.WorkerFile(Worker));
        File.Delete(_claims.LockFile(Worker));
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static byte[] Text(WorkerRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, RunJson.Info<WorkerRecord>(RunJson.Compact));

    private static string NewName()
    {
        var machine = string.Concat(Environment.MachineName.ToLowerInvariant().Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'));
        if (machine.Length == 0) machine = "worker";
        return FormattableString.Invariant($"{machine[..Math.Min(machine.Length, 60)]}-{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}");
    }
}
