using FixupNet.Runs;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Files;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Tells dead workers from living ones: at once on the own host, else by a counter that stands still for the whole lease.</summary>
/// <remarks>No clock but this process's own is read, and no time of a file: clocks of several hosts differ, and any may be set.</remarks>
/// <param name="claims">The sweep's claims.</param>
/// <param name="host">The own host; null where it is unknown, or where file locks have no effect.</param>
/// <param name="clock">Measures silence.</param>
/// <param name="ownLease">The lease of a worker whose record is damaged.</param>
internal sealed class WorkerWatch(ClaimsDirectory claims, string? host, TimeProvider clock, TimeSpan ownLease)
{
    // Silence counts only while it is listened to: a pause of this process or of the file system, in which no one could beat, counts as this
    // share of a lease at most.
    private const double MostPerLook = 0.25;

    // What the command line takes at most; more is damage.
    private const double LongestLeaseSeconds = int.MaxValue;

    private readonly Dictionary<string, Observation> _observations = [];

    private sealed record Observation(long Beat, long LookedAt, TimeSpan Silence, bool WasHeard);

    /// <summary>Judges the owner of a claim.</summary>
    /// <param name="trial">Index of the trial.</param>
    /// <param name="generation">Number of the claim.</param>
    /// <param name="trialFolder">The trial's folder.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public WorkerLife Judge(int trial, int generation, string trialFolder)
    {
        // Before reading: a pause between the two must not count as silence.
        var now = clock.GetTimestamp();
        var owner = claims.ReadOwner(trial, generation) is { } claimant ? claims.ReadWorker(claimant.Worker) ?? claimant : null;
        var isHere = owner?.Host is not null && owner.Host == host;
        var hasDied = isHere && !FileLock.IsHeld(claims.LockFile(owner!.Worker));
        // A trial that a worker leaves behind saves a checkpoint, if it is given the time.
        if (hasDied && !RunDirectoryLock.IsHeld(trialFolder)) return WorkerLife.Dead;
        // Even a lock that is held does not excuse silence: a stopped process holds it forever.
        var lease = owner is { LeaseSeconds: > 0 and <= LongestLeaseSeconds } ? TimeSpan.FromSeconds(owner.LeaseSeconds) : ownLease;
        var observation = Look(owner?.Worker ?? $"{trial}.{generation}", owner?.Beat ?? 0, now, lease);
        if (observation.Silence >= lease) return WorkerLife.Dead;
        var wasHeard = observation.WasHeard && observation.Silence < lease / 2;
        return (isHere && !hasDied) || wasHeard ? WorkerLife.Alive : WorkerLife.Unknown;
    }

    private Observation Look(string worker, long beat, long now, TimeSpan lease)
    {
        var known = _observations.GetValueOrDefault(worker);
        var next = known switch
        {
            null => new Observation(beat, now, TimeSpan.Zero, WasHeard: false),
            { Beat: var last } when last != beat => new Observation(beat, now, TimeSpan.Zero, WasHeard: true),
            _ => known with { LookedAt = now, Silence = known.Silence + Shorter(clock.GetElapsedTime(known.LookedAt, now), MostPerLook * lease) },
        };
        return _observations[worker] = next;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
