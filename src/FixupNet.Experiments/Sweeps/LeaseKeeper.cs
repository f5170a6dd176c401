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
    private readonly TimeSpan _interval;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _leave = new();
    private readonly Lock _holding = new();
    private readonly List<HeldClaim> _held = [];
    private readonly Task _loops;
    private long _beatAt;
    private int _beats;
    private int _heardBeats;
    private long _watchedAt;
    private TimeSpan _silence;
    private volatile Exception? _problem;
    private volatile bool _isStopped;

    /// <summary>Begins to keep a lease.</summary>
    /// <param name="claims">The sweep's claims.</param>
    /// <param name="presence">The worker, announced just now.</param>
    /// <param name="lease">Its lease.</param>
    /// <param name="clock">Measures the lease.</param>
    public LeaseKeeper(ClaimsDirectory claims, WorkerPresence presence, TimeSpan lease, TimeProvider clock)
    {
        (_claims, _presence, _lease, _clock) = (claims, presence, lease, clock);
        _interval = Shorter(lease / (2 * BeatsPerLease), s_longestInterval);
        _beatAt = _watchedAt = clock.GetTimestamp();
        // Two loops: a file system that hangs holds up the first one only.
        _loops = Task.WhenAll(Task.Run(() => RepeatAsync(Look)), Task.Run(() => RepeatAsync(Watch)));
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
            if (_clock.GetElapsedTime(_beatAt) >= _lease / BeatsPerLease)
            {
                var now = _clock.GetTimestamp();
                _presence.Beat();
                _beatAt = now;
                Interlocked.Increment(ref _beats);
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
        Listen();
        if (_silence < EndAt * _lease) return;
        Failure ??= new IOException(
            $"{_claims.WorkerFile(_presence.Worker)} could not be written for {_silence.TotalSeconds:F0} s, and other workers may take this one for dead: {_problem?.Message ?? "the file system does not answer."}", _problem);
        _end.Cancel();
        if (_silence < KillAt * _lease) return;
        foreach (var claim in Held()) Lose(claim);
    }

    private void Listen()
    {
        var (now, beats) = (_clock.GetTimestamp(), Volatile.Read(ref _beats));
        // A pause of this whole process is no failure to write. What others did meanwhile, their claims tell.
        var passed = Shorter(_clock.GetElapsedTime(_watchedAt, now), 2 * _interval);
        _silence = beats == _heardBeats ? _silence + passed : TimeSpan.Zero;
        (_watchedAt, _heardBeats) = (now, beats);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

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

    private async Task RepeatAsync(Action look)
    {
        using var timer = new PeriodicTimer(_interval, _clock);
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
