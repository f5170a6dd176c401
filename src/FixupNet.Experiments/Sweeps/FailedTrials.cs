using FixupNet.Runs;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Makes failed trials due again.</summary>
public static class FailedTrials
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(new SweepWorkerOptions().LeaseSeconds);

    /// <summary>Makes them due, but for those that a worker holds which may live.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="clock">Tells the time.</param>
    /// <returns>How many are due again, and how many are held.</returns>
    /// <exception cref="IOException">A file cannot be changed.</exception>
    public static (int ResetCount, int HeldCount) Reset(SweepDirectory sweep, TimeProvider clock)
    {
        var failed = sweep.ReadPlan().Where(line => TrialStates.Read(sweep.Trial(line)) == TrialState.Failed).ToList();
        if (failed.Count == 0) return (0, 0);
        // A claim keeps workers away meanwhile, as it does any other worker.
        using var presence = WorkerPresence.Announce(sweep.Claims, s_lease, LocalHost.Id);
        var queue = new TrialQueue(sweep, presence, new WorkerWatch(sweep.Claims, presence.Host, clock, s_lease), clock);
        var resetCount = failed.Count(line => TryReset(sweep, queue, line));
        presence.Leave();
        return (resetCount, failed.Count - resetCount);
    }

    private static bool TryReset(SweepDirectory sweep, TrialQueue queue, PlanLine line)
    {
        if (queue.TakeEnded(line) is not { } claim) return false;
        var trial = sweep.Trial(line);
        var isFailed = TrialStates.Read(trial) == TrialState.Failed;
        if (isFailed)
        {
            File.Delete(trial.SummaryFile);
            File.Delete(trial.StatusFile);
        }
        queue.Release(claim);
        claim.Dispose();
        return isFailed;
    }
}
