using Spectre.Console;

namespace FixupNet.Cli.Display;

/// <summary>A sweep drawn in place: a bar of all its trials, and one of each that runs. Not safe for use by several threads.</summary>
/// <param name="context">The display.</param>
internal sealed class LiveSweep(ProgressContext context)
{
    // More would scroll a terminal of 24 lines.
    private const int MostShown = 12;

    private readonly ProgressTask _all = context.AddTask("starting", maxValue: 1);
    // A bar once drawn stays: the next trial takes that of one that has ended.
    private readonly List<ProgressTask> _bars = [];
    private bool _hasEnded;

    /// <summary>Draws what is known.</summary>
    public void Show(string text, double share, IReadOnlyList<RunningTrial> running)
    {
        if (_hasEnded) return;
        (_all.Description, _all.Value) = (Markup.Escape(text), share);
        while (_bars.Count < Math.Min(running.Count, MostShown)) _bars.Add(context.AddTask("", maxValue: 1));
        foreach (var (index, bar) in _bars.Index())
        {
            var trial = running.ElementAtOrDefault(index);
            (bar.Description, bar.Value) = trial is null ? ("", 0) : (Markup.Escape($"{trial.Line.Name}  {trial}"), trial.Share);
        }
    }

    /// <summary>Draws no more.</summary>
    public void End()
    {
        _hasEnded = true;
        foreach (var bar in _bars.Append(_all)) bar.StopTask();
    }
}
