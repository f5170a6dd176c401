using System.Collections.Concurrent;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Display;

/// <summary>A line for each trial that ends, and now and then one for each that runs.</summary>
internal sealed class SweepDisplay : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly ConsoleSink _console;
    private readonly SweepDirectory _sweep;
    private readonly IReadOnlyList<PlanLine> _plan;
    private readonly ConcurrentDictionary<int, PlanLine> _running = new();
    private readonly ITimer _timer;

    /// <summary>Begins to show a sweep.</summary>
    public SweepDisplay(CliHost host, SweepDirectory sweep, IReadOnlyList<PlanLine> plan)
    {
        (_console, _sweep, _plan) = (host.Log.Console, sweep, plan);
        _timer = host.Clock.CreateTimer(_ => ShowRunning(), null, Interval, Interval);
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
        var accuracy = summary?.Test is { } test ? FormattableString.Invariant($"  accuracy {test.Accuracy:F4}") : "";
        var reason = change.Reason is { } text ? $": {text}" : "";
        _console.WriteLine($"{Head(line)}  {RunText.Name(state)}{reason}{accuracy}  {RunText.Seconds(change.Seconds ?? 0)}");
    }

    /// <summary>Shows that nothing is left to do but to wait.</summary>
    /// <param name="count">How many trials other workers run.</param>
    public void ShowWaiting(int count) => _console.WriteLine($"Waiting for {count} {(count == 1 ? "trial" : "trials")} of other workers");

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void ShowRunning()
    {
        foreach (var line in _running.Values.OrderBy(line => line.Index))
        {
            if (_sweep.Trial(line).ReadStatus() is { } status)
                _console.WriteLine(FormattableString.Invariant($"{Head(line)}  running, epoch {status.Epoch:F2}"));
        }
    }

    private string Head(PlanLine line) => $"[{line.Index + 1}/{_plan.Count}] {line.Name}";
}
