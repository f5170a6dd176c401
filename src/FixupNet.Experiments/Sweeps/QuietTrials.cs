using FixupNet.Runs;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Works on the folders of trials while no worker does.</summary>
internal static class QuietTrials
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(new SweepWorkerOptions().LeaseSeconds);

    /// <summary>Does something to each trial that no worker holds which may live.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="lines">The trials.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="change">What is done.</param>
    /// <returns>How many trials were left alone.</returns>
    /// <exception cref="IOException">A file cannot be changed.</exception>
    public static int Change(SweepDirectory sweep, IReadOnlyCollection<PlanLine> lines, TimeProvider clock, Action<PlanLine> change)
    {
        if (lines.Count == 0) return 0;
        // A claim keeps workers away meanwhile, as it does any other worker.
        using var presence = WorkerPresence.Announce(sweep.Claims, s_lease, LocalHost.Id);
        var queue = new TrialQueue(sweep, presence, new WorkerWatch(sweep.Claims, presence.Host, clock, s_lease), clock);
        var heldCount = 0;
        foreach (var line in lines)
        {
            if (queue.TakeEnded(line) is { } claim)
            {
                change(line);
                queue.Release(claim);
                claim.Dispose();
            }
            else heldCount++;
        }
        presence.Leave();
        return heldCount;
    }
}
