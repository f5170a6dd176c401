using System.Collections.Concurrent;
using FixupNet.Cli.Host;
using FixupNet.Runs;
using FixupNet.Runs.Records;
using Spectre.Console;

namespace FixupNet.Cli.Display;

/// <summary>Shows a sweep at work: a line for each trial that ends; trials done, time left and the loss of each trial that runs, drawn in
/// place on a terminal, elsewhere as lines now and then.</summary>
internal sealed class SweepDisplay : IDisposable
{
    private static readonly TimeSpan s_lines = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_drawing = TimeSpan.FromSeconds(0.5);

    private readonly ConsoleSink _console;
    private readonly SweepDirectory _sweep;
    private readonly IReadOnlyList<PlanLine> _plan;
    private readonly SweepProgress _progress;
    private readonly LiveSweep? _live;
    private readonly ConcurrentDictionary<int, PlanLine> _running = new();
    private readonly Lock _showing = new();
    private readonly ITimer _timer;

    /// <summary>Begins to show a sweep.</summary>
    /// <param name="host">The surroundings.</param>
    /// <param name="sweep">The sweep.</param>
    /// <param name="plan">Its trials.</param>
    /// <param name="drawing">Draws in place; null for lines.</param>
    public SweepDisplay(CliHost host, SweepDirectory sweep, IReadOnlyList<PlanLine> plan, ProgressContext? drawing)
    {
        (_console, _sweep, _plan) = (host.Log.Console, sweep, plan);
        _progress = new SweepProgress(sweep, plan, host.Clock);
        _live = drawing is null ? null : new LiveSweep(drawing);
        var interval = drawing is null ? s_lines : s_drawing;
        _timer = host.Clock.CreateTimer(_ => ShowRunning(), null, interval, interval);
    }

    /// <summary>Shows what happened.</summary>
    public void Show(SweepEvent change)
    {
        var line = _plan[change.Trial];
        if (change.Event is SweepEventKind.Claimed or SweepEventKind.Running) _running[change.Trial] = line;
        else _running.TryRemove(change.Trial, out _);
        if (change.Event == SweepEventKind.Lost) _console.WriteLine($"{Head(line)}  taken over by another worker");
        if (change is not { Event: SweepEventKind.Ended, State: { } state }) return;
        var summary = _sweep.Trial(line).ReadSummary();
        var result = RunText.Result(summary?.Test) is { Length: > 0 } told ? $"  {told}" : "";
        var reason = change.Reason is { } text ? $": {text}" : "";
        _console.WriteLine($"{Head(line)}  {RunText.Name(state)}{reason}{result}  {RunText.Seconds(change.Seconds ?? 0)}", ColorOf(state));
    }

    /// <summary>Shows that nothing is left to do but to wait.</summary>
    /// <param name="count">How many trials other workers run.</param>
    public void ShowWaiting(int count) => _console.WriteLine($"Waiting for {count} {(count == 1 ? "trial" : "trials")} of other workers");

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        // What the timer has begun must not draw on a display that has ended.
        lock (_showing) _live?.End();
    }

    private static Color? ColorOf(TrialState state) => state switch
    {
        TrialState.Completed => Color.Green,
        TrialState.Failed => Color.Red,
        TrialState.Diverged or TrialState.Interrupted => Color.Yellow,
        _ => null,
    };

    private void ShowRunning()
    {
        lock (_showing)
        {
            var (text, share, running) = _progress.Read([.. _running.Values]);
            if (_live is not null)
            {
                _live.Show(text, share, running);
                return;
            }
            foreach (var trial in running) _console.WriteLine($"{Head(trial.Line)}  running, {trial}");
            _console.WriteLine(text);
        }
    }

    private string Head(PlanLine line) => $"[{line.Index + 1}/{_plan.Count}] {line.Name}";
}
