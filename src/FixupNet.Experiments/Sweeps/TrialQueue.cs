using FixupNet.Runs;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Finds the next trial of a sweep that no living worker works on, and claims it.</summary>
/// <remarks>Not safe for use by several threads. A trial that has ended is looked at once, one that another worker holds each time.</remarks>
/// <param name="sweep">The sweep.</param>
/// <param name="self">This worker.</param>
/// <param name="watch">Judges the others.</param>
/// <param name="clock">Measures delays.</param>
internal sealed class TrialQueue(SweepDirectory sweep, WorkerPresence self, WorkerWatch watch, TimeProvider clock)
{
    private enum Finding { Mine, HasEnded, MayLive, IsAlive }

    private sealed class Entry(PlanLine line, int generation)
    {
        public PlanLine Line => line;

        public int Generation { get; set; } = generation;

        public bool IsAlive { get; set; }
    }

    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(2);

    private readonly ClaimsDirectory _claims = sweep.Claims;
    private readonly Queue<Entry> _fresh = new();
    private readonly List<Entry> _waiting = [];
    private readonly Queue<(HeldClaim Claim, long Since)> _delayed = new();

    /// <summary>Whether there is nothing to wait for: the trials that are left are this worker's, or there are none.</summary>
    public bool IsEmpty => _fresh.Count + _waiting.Count + _delayed.Count == 0;

    /// <summary>Trials that other workers hold.</summary>
    public int WaitingCount => _waiting.Count;

    /// <summary>Whether all that is left belongs to others that are known to live.</summary>
    public bool IsInGoodHands => _fresh.Count + _delayed.Count == 0 && _waiting.TrueForAll(entry => entry.IsAlive);

    /// <summary>Adds trials.</summary>
    public void Add(IEnumerable<PlanLine> plan)
    {
        var generations = _claims.ListGenerations();
        foreach (var line in plan) _fresh.Enqueue(new Entry(line, generations.GetValueOrDefault(line.Index)));
    }

    /// <summary>Takes the next trial.</summary>
    /// <returns>The claim, or null where none can be had now.</returns>
    /// <exception cref="IOException">Claims cannot be read or written.</exception>
    public HeldClaim? Take()
    {
        while (_fresh.TryDequeue(out var entry))
        {
            var finding = Examine(entry);
            if (finding == Finding.Mine) return new HeldClaim(entry.Line, entry.Generation);
            if (finding != Finding.HasEnded) _waiting.Add(entry);
        }
        return TakeDelayed() ?? TakeWaiting();
    }

    /// <summary>Takes one trial although it has ended.</summary>
    /// <returns>The claim, or null while a worker holds the trial that may live.</returns>
    /// <exception cref="IOException">Claims cannot be read or written.</exception>
    public HeldClaim? TakeEnded(PlanLine line)
    {
        var entry = new Entry(line, 0);
        return FindingOfOwner(entry) is null && TryClaim(entry) ? new HeldClaim(line, entry.Generation) : null;
    }

    /// <summary>Comes back to a trial of this worker later: a process of an owner before still works in its folder.</summary>
    public void Delay(HeldClaim claim)
    {
        claim.WasDelayed = true;
        _delayed.Enqueue((claim, clock.GetTimestamp()));
    }

    /// <summary>File that exists once another worker has taken a trial over.</summary>
    public string FenceFile(HeldClaim claim) => _claims.ClaimFile(claim.Line.Index, claim.Generation + 1);

    /// <summary>Whether another worker has taken a trial over.</summary>
    public bool IsFenced(HeldClaim claim) => File.Exists(FenceFile(claim));

    /// <summary>Leaves a trial to the worker that has taken it over.</summary>
    public void Lose(HeldClaim claim) => _waiting.Add(new Entry(claim.Line, claim.Generation));

    /// <summary>Gives a trial up, for good or for others.</summary>
    public void Release(HeldClaim claim) => _claims.Release(claim.Line.Index, claim.Generation, self.Worker);

    /// <summary>Gives up the trials that were to be come back to.</summary>
    public void ReleaseDelayed()
    {
        while (_delayed.TryDequeue(out var delayed)) Release(delayed.Claim);
    }

    private HeldClaim? TakeDelayed()
    {
        if (!_delayed.TryPeek(out var delayed) || clock.GetElapsedTime(delayed.Since) < s_delay) return null;
        var claim = _delayed.Dequeue().Claim;
        // On the same host, that the folder is still in use shows without starting a process.
        if (!RunDirectoryLock.IsHeld(sweep.Trial(claim.Line).Root)) return claim;
        Delay(claim);
        return null;
    }

    private HeldClaim? TakeWaiting()
    {
        HeldClaim? taken = null;
        _waiting.RemoveAll(entry =>
        {
            if (taken is not null) return false;
            var finding = Examine(entry);
            if (finding == Finding.Mine) taken = new HeldClaim(entry.Line, entry.Generation);
            return finding is Finding.Mine or Finding.HasEnded;
        });
        return taken;
    }

    private Finding Examine(Entry entry)
    {
        var finding = TryTake(entry);
        entry.IsAlive = finding == Finding.IsAlive;
        return finding;
    }

    private Finding TryTake(Entry entry)
    {
        if (FindingOfOwner(entry) is { } finding) return finding;
        // From a dead owner, a trial is taken over even if it has ended: the owner may have died before writing that down.
        if (IsFree(entry) && TrialStates.IsDone(sweep, sweep.Trial(entry.Line))) return Finding.HasEnded;
        return TryClaim(entry) ? Finding.Mine : Finding.MayLive;
    }

    // Null where the trial can be claimed.
    private Finding? FindingOfOwner(Entry entry)
    {
        while (_claims.Exists(entry.Line.Index, entry.Generation + 1)) entry.Generation++;
        if (IsFree(entry)) return null;
        return watch.Judge(entry.Line.Index, entry.Generation, sweep.Trial(entry.Line).Root) switch
        {
            WorkerLife.Dead => null,
            WorkerLife.Alive => Finding.IsAlive,
            _ => Finding.MayLive,
        };
    }

    private bool IsFree(Entry entry) => entry.Generation == 0 || _claims.IsReleased(entry.Line.Index, entry.Generation);

    private bool TryClaim(Entry entry)
    {
        if (!_claims.TryClaim(entry.Line.Index, entry.Generation + 1, self.Worker)) return false;
        entry.Generation++;
        return true;
    }
}
