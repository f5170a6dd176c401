using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>The work of one worker: takes trials, runs so many at once as it has slots, and writes down how they end.</summary>
internal sealed class WorkerShift(SweepDirectory sweep, TrialQueue queue, LeaseKeeper keeper, WorkerJournal journal, WorkerTools tools, SweepWorkerOptions options)
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);

    private readonly Lock _taking = new();
    private readonly TrialConfigurations _configurations = new(sweep, tools.Registries);
    private readonly StartingWeights _weights = new(sweep);
    private volatile bool _isHalted;
    private volatile bool _hasInterrupted;
    private bool _hasToldWaiting;

    private enum Aftermath { Release, ComeBack, Lost }

    /// <summary>Trials that were started.</summary>
    public int StartedCount { get; private set; }

    /// <summary>Whether a trial ended before its end.</summary>
    public bool HasInterrupted => _hasInterrupted;

    private bool IsAtLimit => StartedCount >= options.MaxTrials;

    /// <summary>Works until there is nothing to do, or the end is asked for.</summary>
    /// <param name="trialCount">Trials of the sweep.</param>
    /// <param name="end">Asks running trials to end cleanly and starts no more.</param>
    public async Task RunAsync(int trialCount, CancellationToken end)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Min(options.Jobs, trialCount)).Select(_ => WorkAsync(end)));
        }
        finally
        {
            queue.ReleaseDelayed();
        }
    }

    private async Task WorkAsync(CancellationToken end)
    {
        // What a slot throws must not wait for the others' whole queue.
        var isWell = false;
        try
        {
            while (!_isHalted && !end.IsCancellationRequested)
            {
                if (Take() is { } claim) await WorkOnAsync(claim, end);
                else if (IsDone() || !await WaitAsync(end)) break;
            }
            isWell = true;
        }
        finally
        {
            _isHalted |= !isWell;
        }
    }

    private HeldClaim? Take()
    {
        lock (_taking)
        {
            while (!IsAtLimit && queue.Take() is { } claim)
            {
                if (claim.WasDelayed) return claim;
                journal.Write(SweepEventKind.Claimed, claim);
                if (TrySettle(claim)) continue;
                StartedCount++;
                return claim;
            }
            return null;
        }
    }

    // A trial that has ended, but whose owner died before it gave the trial up, and maybe before it wrote down how the trial had ended.
    private bool TrySettle(HeldClaim claim)
    {
        var state = TrialStates.Read(sweep.Trial(claim.Line));
        if (!TrialStates.IsDone(sweep, sweep.Trial(claim.Line))) return false;
        if (!WasWrittenDown(claim, state)) journal.Write(SweepEventKind.Ended, claim, state, reason: "had ended when its worker died");
        queue.Release(claim);
        claim.Dispose();
        return true;
    }

    private bool WasWrittenDown(HeldClaim claim, TrialState state)
    {
        var owners = Enumerable.Range(1, claim.Generation - 1).Select(generation => sweep.Claims.ReadOwner(claim.Line.Index, generation)?.Worker);
        return owners.OfType<string>().Distinct().SelectMany(worker => SweepJournal.Read(sweep.JournalFile(worker)))
            .Any(line => line.Event == SweepEventKind.Ended && line.Trial == claim.Line.Index && line.State == state);
    }

    private bool IsDone()
    {
        lock (_taking)
        {
            if (IsAtLimit || queue.IsEmpty || (!options.Wait && queue.IsInGoodHands)) return true;
            if (!_hasToldWaiting) tools.Wait(queue.WaitingCount);
            _hasToldWaiting = true;
            return false;
        }
    }

    private async Task<bool> WaitAsync(CancellationToken end)
    {
        try
        {
            await Task.Delay(s_poll, tools.Clock, end);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task WorkOnAsync(HeldClaim claim, CancellationToken end)
    {
        var aftermath = Aftermath.Release;
        keeper.Hold(claim);
        try
        {
            aftermath = await RunTrialAsync(claim, end);
        }
        finally
        {
            keeper.Drop(claim);
            lock (_taking)
            {
                if (aftermath == Aftermath.Release) queue.Release(claim);
                else if (aftermath == Aftermath.ComeBack) queue.Delay(claim);
                else queue.Lose(claim);
            }
            if (aftermath != Aftermath.ComeBack) claim.Dispose();
        }
    }

    private async Task<Aftermath> RunTrialAsync(HeldClaim claim, CancellationToken end)
    {
        var trial = sweep.Trial(claim.Line);
        if (!claim.WasDelayed) journal.Write(SweepEventKind.Running, claim);
        var started = tools.Clock.GetTimestamp();
        var exit = (_configurations.Ensure(claim.Line) ?? _weights.ProblemOf(trial)) is { } problem
            ? new TrialExit(TrialVerdict.BadData, [problem])
            : await tools.Process.RunAsync(new TrialLaunch(trial, options.ThreadsPerTrial, queue.FenceFile(claim), sweep.Root, options.Device) { StudiesFile = File.Exists(sweep.StudiesFile) ? sweep.StudiesFile : null }, end, claim.Lost);
        var seconds = tools.Clock.GetElapsedTime(started).TotalSeconds;
        if (claim.Lost.IsCancellationRequested || queue.IsFenced(claim))
        {
            journal.Write(SweepEventKind.Lost, claim, seconds: seconds, exitCode: exit.Code);
            return Aftermath.Lost;
        }
        var summary = trial.ReadSummary();
        if (exit.Code == TrialVerdict.InUse && (summary is null || TrialStates.LacksAnswers(sweep, trial))) return Aftermath.ComeBack;

        var (state, reason) = TrialVerdict.Of(exit, summary?.State, end.IsCancellationRequested);
        if (state == TrialState.Failed) RecordFailure(trial, exit, reason!);
        else if (exit.Code is not (0 or TrialVerdict.Interrupted) && TrialStates.LacksAnswers(sweep, trial)) File.AppendAllLines(trial.TextLogFile, exit.LastErrorLines.Prepend("A study of the network failed:"));
        journal.Write(SweepEventKind.Ended, claim, state, seconds, exit.Code, reason);
        _hasInterrupted |= state == TrialState.Interrupted || (exit.Code == TrialVerdict.Interrupted && TrialStates.LacksAnswers(sweep, trial));
        _isHalted |= options.FailFast && state == TrialState.Failed;
        return Aftermath.Release;
    }

    private void RecordFailure(TrialDirectory trial, TrialExit exit, string reason)
    {
        Directory.CreateDirectory(trial.Root);
        var last = trial.ReadStatus();
        trial.WriteStatus(new TrialStatus(TrialState.Failed, last?.Step ?? 0, last?.Epoch ?? 0, tools.Clock.GetUtcNow(), reason));
        File.AppendAllLines(trial.TextLogFile, exit.LastErrorLines.Prepend($"The process ended with exit code {exit.Code}; its last lines:"));
    }
}
