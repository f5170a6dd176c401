using System.Collections.Concurrent;
using FixupNet.Runs;
using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Runs the trials of a sweep's folder that have not ended, each in its own process; what has ended never runs again.</summary>
/// <param name="sweep">The sweep's folder, which holds a plan.</param>
/// <param name="process">Runs one trial.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="observe">Called at each beginning and end of a trial, by one thread at a time.</param>
public sealed class SweepRunner(SweepDirectory sweep, ITrialProcess process, TimeProvider clock, Action<SweepEvent> observe)
{
    private readonly Lock _reporting = new();
    private volatile bool _isHalted;
    private volatile bool _isInterrupted;

    /// <summary>Runs what is due: trials never begun, interrupted, or left behind by a process that died. Failed trials are not.</summary>
    /// <param name="options">How many at a time and at most.</param>
    /// <param name="cancellation">Asks running trials to end cleanly and starts no more.</param>
    /// <exception cref="FileNotFoundException">The folder holds no plan.</exception>
    /// <exception cref="InvalidDataException">The plan or a trial's record is damaged.</exception>
    /// <exception cref="RunDirectoryInUseException">Another process runs this sweep.</exception>
    /// <exception cref="IOException">A file cannot be written, or a process not be started.</exception>
    public async Task<SweepOutcome> RunAsync(SweepRunOptions options, CancellationToken cancellation)
    {
        using var ownership = RunDirectoryLock.Acquire(sweep.Root);
        var plan = sweep.ReadPlan();
        var due = new ConcurrentQueue<PlanLine>(plan.Where(IsDue).Take(options.MaxTrials ?? plan.Count));
        var dueCount = due.Count;
        if (dueCount > 0)
        {
            Directory.CreateDirectory(sweep.JournalFolder);
            using var journal = new JsonLinesWriter(sweep.JournalFile(WorkerName()));
            var workers = Enumerable.Range(0, Math.Min(options.Jobs, dueCount)).Select(_ => WorkAsync(due, journal, options, cancellation));
            await Task.WhenAll(workers);
        }
        var states = plan.CountBy(line => sweep.Trial(line).ReadState()).OrderBy(pair => pair.Key).ToDictionary();
        return new SweepOutcome(states, dueCount - due.Count, _isInterrupted || (cancellation.IsCancellationRequested && !due.IsEmpty));
    }

    /// <summary>Makes failed trials due again.</summary>
    /// <param name="sweep">The sweep's folder.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="RunDirectoryInUseException">Another process runs this sweep.</exception>
    public static int ResetFailed(SweepDirectory sweep)
    {
        using var ownership = RunDirectoryLock.Acquire(sweep.Root);
        var failed = sweep.ReadPlan().Select(sweep.Trial).Where(trial => trial.ReadState() == TrialState.Failed).ToList();
        foreach (var trial in failed)
        {
            File.Delete(trial.SummaryFile);
            File.Delete(trial.StatusFile);
        }
        return failed.Count;
    }

    private bool IsDue(PlanLine line) => sweep.Trial(line).ReadState() is TrialState.Pending or TrialState.Running or TrialState.Interrupted;

    private async Task WorkAsync(ConcurrentQueue<PlanLine> due, JsonLinesWriter journal, SweepRunOptions options, CancellationToken cancellation)
    {
        // What a worker throws must not wait for the others' whole queue.
        var isWell = false;
        try
        {
            while (!_isHalted && !cancellation.IsCancellationRequested && due.TryDequeue(out var line))
            {
                var state = await RunTrialAsync(line, journal, options.ThreadsPerTrial, cancellation);
                _isInterrupted |= state == TrialState.Interrupted;
                _isHalted |= options.FailFast && state == TrialState.Failed;
            }
            isWell = true;
        }
        finally
        {
            _isHalted |= !isWell;
        }
    }

    private async Task<TrialState> RunTrialAsync(PlanLine line, JsonLinesWriter journal, int? threads, CancellationToken cancellation)
    {
        var trial = sweep.Trial(line);
        Report(journal, new SweepEvent(clock.GetUtcNow(), line.Index, line.Name, TrialState.Running));
        var started = clock.GetTimestamp();
        var exit = await process.RunAsync(trial, threads, cancellation);
        var (state, reason) = SweepRunnerVerdict.Of(exit, trial.ReadSummary()?.State);
        if (state == TrialState.Failed) RecordFailure(trial, exit, reason!);
        var seconds = clock.GetElapsedTime(started).TotalSeconds;
        Report(journal, new SweepEvent(clock.GetUtcNow(), line.Index, line.Name, state, seconds, exit.Code, reason));
        return state;
    }

    private void RecordFailure(TrialDirectory trial, TrialExit exit, string reason)
    {
        // Whoever else works in the trial's folder tells its state.
        if (exit.Code == SweepRunnerVerdict.InUse) return;
        Directory.CreateDirectory(trial.Root);
        var last = trial.ReadStatus();
        trial.WriteStatus(new TrialStatus(TrialState.Failed, last?.Step ?? 0, last?.Epoch ?? 0, clock.GetUtcNow(), reason));
        File.AppendAllLines(trial.TextLogFile, exit.LastErrorLines.Prepend($"The process ended with exit code {exit.Code}; its last lines:"));
    }

    private void Report(JsonLinesWriter journal, SweepEvent change)
    {
        lock (_reporting)
        {
            journal.Write(change);
            observe(change);
        }
    }

    private static string WorkerName()
    {
        var name = string.Concat(Environment.MachineName.ToLowerInvariant().Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'));
        return RunNames.IsValid(name) ? name : "worker";
    }
}
