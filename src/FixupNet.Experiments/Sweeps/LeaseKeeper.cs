using FixupNet.Runs.Claims;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Keeps a worker's lease while its trials run, and tells them when to end: when the sweep is stopped, when another worker has taken
/// the trial over, and when the lease can no longer be renewed.</summary>
internal sealed class LeaseKeeper : IAsyncDisposable
{
    // Beats a lease.
    private const double BeatsPerLease = 6;

    // Shares of the lease: without a beat for so long, trials are asked to end, and then made to.
    private const double EndAt = 0.6;
    private const double KillAt = 0.9;

    private static readonly TimeSpan s_longestInterval = TimeSpan.FromSeconds(1);

    private readonly ClaimsDirectory _claims;
    private readonly WorkerPresence _presence;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _lease;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _leave = new();
    private readonly Lock _holding = new();
    private readonly List<HeldClaim> _held = [];
    private readonly Task _loops;
    private long _lastBeat;
    private volatile Exception? _problem;
    private volatile bool _isStopped;

    /// <summary>Begins to keep a lease.</summary>
    /// <param name="claims">The sweep's claims.</param>
    /// <param name="presence">The worker, announced just now.</param>
    /// <param name="lease">Its lease.</param>
    /// <param name="clock">Measures the lease.</param>
    public LeaseKeeper(ClaimsDirectory claims, WorkerPresence presence, TimeSpan lease, TimeProvider clock)
    {
        (_claims, _presence, _lease, _clock, _lastBeat) = (claims, presence, lease, clock, clock.GetTimestamp());
        var interval = lease / (2 * BeatsPerLease) is var half && half < s_longestInterval ? half : s_longestInterval;
        // Two loops: a file system that hangs holds up the first one only.
        _loops = Task.WhenAll(Task.Run(() => RepeatAsync(interval, Look)), Task.Run(() => RepeatAsync(interval, Watch)));
    }

    /// <summary>Asks trials to end cleanly.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>Whether the sweep was stopped.</summary>
    public bool IsStopped => _isStopped;

    /// <summary>Why the lease could not be kept; null while it is.</summary>
    public IOException? Failure { get; private set; }

    /// <summary>Watches over a trial.</summary>
    public void Hold(HeldClaim claim)
    {
        lock (_holding) _held.Add(claim);
    }

    /// <summary>Watches over it no longer.</summary>
    public void Drop(HeldClaim claim)
    {
        lock (_holding) _held.Remove(claim);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _leave.CancelAsync();
        await _loops;
        _end.Dispose();
        _leave.Dispose();
    }

    /// <summary>Looks for requests of others, and beats when it is time.</summary>
    internal void Look()
    {
        try
        {
            if (Silence() >= _lease / BeatsPerLease)
            {
                var now = _clock.GetTimestamp();
                _presence.Beat();
                Volatile.Write(ref _lastBeat, now);
            }
            if (_claims.IsStopped)
            {
                _isStopped = true;
                _end.Cancel();
            }
            foreach (var claim in Held())
            {
                if (_claims.Exists(claim.Line.Index, claim.Generation + 1)) Lose(claim);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Tried again until the lease is in danger.
            _problem = error;
        }
    }

    /// <summary>Looks, without touching the disk, whether the lease is still kept.</summary>
    internal void Watch()
    {
        var silence = Silence();
        if (silence < EndAt * _lease) return;
        Failure ??= new IOException(
            $"{_claims.WorkerFile(_presence.Worker)} could not be written for {silence.TotalSeconds:F0} s, and other workers may take this one for dead: {_problem?.Message ?? "the file system does not answer."}", _problem);
        _end.Cancel();
        if (silence < KillAt * _lease) return;
        foreach (var claim in Held()) Lose(claim);
    }

    private TimeSpan Silence() => _clock.GetElapsedTime(Volatile.Read(ref _lastBeat));

    private List<HeldClaim> Held()
    {
        lock (_holding) return [.. _held];
    }

    // One that was dropped meanwhile is disposed of.
    private void Lose(HeldClaim claim)
    {
        lock (_holding)
        {
            if (_held.Contains(claim)) claim.Lose();
        }
    }

    private async Task RepeatAsync(TimeSpan interval, Action look)
    {
        using var timer = new PeriodicTimer(interval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_leave.Token)) look();
        }
        catch (OperationCanceledException)
        {
            // The worker leaves.
        }
    }
}
