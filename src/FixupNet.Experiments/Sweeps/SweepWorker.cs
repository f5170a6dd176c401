using FixupNet.Runs;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Works on a sweep, alone or beside others: claims trials that have not ended and runs each in its own process, until all have
/// ended. What has ended never runs again.</summary>
/// <param name="sweep">The sweep's folder, which holds a plan.</param>
/// <param name="tools">What the worker works with.</param>
public sealed class SweepWorker(SweepDirectory sweep, WorkerTools tools)
{
    /// <summary>Works until nothing is left to do.</summary>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Asks running trials to end cleanly and starts no more.</param>
    /// <exception cref="FileNotFoundException">The folder holds no plan.</exception>
    /// <exception cref="InvalidDataException">The plan is damaged, or weights that trials start from have changed.</exception>
    /// <exception cref="IOException">A file cannot be written, a process not be started, or the lease not be kept.</exception>
    public async Task<SweepOutcome> RunAsync(SweepWorkerOptions options, CancellationToken cancellation)
    {
        var plan = sweep.ReadPlan();
        new StartingWeights(sweep).RequireUnchanged();
        var isStopped = sweep.Claims.IsStopped;
        var (startedCount, isInterrupted) = (0, false);
        if (!isStopped) (startedCount, isInterrupted, isStopped) = await WorkAsync(plan, options, cancellation);

        var states = plan.CountBy(line => TrialStates.Read(sweep.Trial(line))).OrderBy(pair => pair.Key).ToDictionary();
        var unanswered = plan.Count(line => TrialStates.LacksAnswers(sweep, sweep.Trial(line)));
        var isEnded = states.Keys.All(TrialStates.HasEnded) && unanswered == 0;
        return new SweepOutcome(states, startedCount, !isEnded && (isInterrupted || isStopped || cancellation.IsCancellationRequested), !isEnded && isStopped) { UnansweredCount = unanswered };
    }

    private async Task<(int StartedCount, bool IsInterrupted, bool IsStopped)> WorkAsync(
        IReadOnlyList<PlanLine> plan, SweepWorkerOptions options, CancellationToken cancellation)
    {
        var lease = TimeSpan.FromSeconds(options.LeaseSeconds);
        using var presence = WorkerPresence.Announce(sweep.Claims, lease, LocalHost.Id);
        var queue = new TrialQueue(sweep, presence, new WorkerWatch(sweep.Claims, presence.Host, tools.Clock, lease), tools.Clock);
        queue.Add(plan);
        (int, bool, bool) result;
        await using (var keeper = new LeaseKeeper(sweep.Claims, presence, lease, tools.Clock))
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, keeper.End);
            using var journal = new WorkerJournal(sweep.JournalFile(presence.Worker), tools.Observe, tools.Clock);
            var shift = new WorkerShift(sweep, queue, keeper, journal, tools, options);
            await shift.RunAsync(plan.Count, end.Token);
            if (keeper.Failure is { } failure) throw failure;
            result = (shift.StartedCount, shift.HasInterrupted, keeper.IsStopped);
        }
        // Only now that every claim is released: until then, others tell by these files whether it lives.
        presence.Leave();
        return result;
    }
}
