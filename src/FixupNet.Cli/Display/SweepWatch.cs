using FixupNet.Cli.Host;
using FixupNet.Experiments.Sweeps;
using FixupNet.Runs;
using FixupNet.Runs.Records;
using Spectre.Console;

namespace FixupNet.Cli.Display;

/// <summary>Shows a sweep that another process runs, until every trial has ended.</summary>
/// <param name="host">The surroundings.</param>
/// <param name="sweep">The sweep.</param>
internal sealed class SweepWatch(CliHost host, SweepDirectory sweep)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // A sweep may have more trials than a screen has lines.
    private const int EndedShown = 10;

    // Erases the screen, but not what can be scrolled back to, and goes to its first line.
    private const string EmptyScreen = "\e[2J\e[H";

    private readonly Dictionary<int, TrialState> _known = [];
    private readonly TrialOwners _owners = new(sweep, host.Clock);

    /// <summary>Shows the sweep until it has ended, or an interruption is asked for.</summary>
    public void Run()
    {
        while (true)
        {
            var trials = TrialPlace.ReadAll(sweep, _owners);
            if (host.IsOutputLive) Draw(trials);
            else WriteChanges(trials);
            if (trials.All(trial => trial.HasEnded) || !Wait()) return;
        }
    }

    private bool Wait()
    {
        try
        {
            Task.Delay(Interval, host.Clock, host.Interruption.Token).GetAwaiter().GetResult();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Draw(IReadOnlyList<TrialPlace> trials)
    {
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(host.Output) }).Write(new ControlCode(EmptyScreen));
        var busy = trials.Where(trial => trial.State is TrialState.Running or TrialState.Interrupted);
        TrialPlace.WriteTable(host, [.. trials.Where(trial => trial.HasEnded).TakeLast(EndedShown), .. busy]);
        host.Output.WriteLine();
        host.Output.WriteLine(TrialPlace.Counts(trials));
    }

    private void WriteChanges(IReadOnlyList<TrialPlace> trials)
    {
        var isFirst = _known.Count == 0;
        var changed = trials.Where(trial => !_known.TryGetValue(trial.Index, out var state) || state != trial.State).ToList();
        foreach (var trial in changed)
        {
            _known[trial.Index] = trial.State;
            if (isFirst) continue;
            var result = RunText.Result(trial.Test) is { Length: > 0 } told ? $"  {told}" : "";
            var reason = trial.Reason is { } text ? $": {text}" : "";
            host.Output.WriteLine(PrintableText.Of($"[{trial.Index + 1}/{trials.Count}] {trial.Name}  {RunText.Name(trial.State)}{reason}{result}"));
        }
        if (isFirst || (changed.Count > 0 && trials.All(trial => trial.HasEnded))) host.Output.WriteLine(TrialPlace.Counts(trials));
        host.Output.Flush();
    }
}
