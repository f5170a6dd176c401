using FixupNet.Cli.Host;
using FixupNet.Experiments.Trials;
using FixupNet.Training;
using Spectre.Console;

namespace FixupNet.Cli.Display;

/// <summary>Shows on standard error how far a training or a sweep is: drawn in place on a terminal, elsewhere a line now and then.</summary>
internal static class ProgressDisplay
{
    // What is left of 80 columns by the text beside it.
    private const int BarWidth = 12;

    /// <summary>Runs a training under a display.</summary>
    /// <param name="host">The surroundings.</param>
    /// <param name="isWanted">Whether anybody looks.</param>
    /// <param name="train">The training; takes what makes an observer, or null.</param>
    public static T Show<T>(CliHost host, bool isWanted, Func<Func<TrialShape, TrainingObserver>?, T> train)
    {
        if (!isWanted) return train(null);
        return Draw(host, keepsLast: true, context => train(shape =>
        {
            var meter = new ProgressMeter(host.Clock, shape);
            return context is null ? new PlainProgress(host.Log.Console, meter) : new LiveProgress(context, host.Log.Console, meter);
        }));
    }

    /// <summary>Runs work that may draw.</summary>
    /// <param name="host">The surroundings.</param>
    /// <param name="keepsLast">Whether what was drawn last stays.</param>
    /// <param name="work">The work; takes the display, or null where there is no terminal.</param>
    public static T Draw<T>(CliHost host, bool keepsLast, Func<ProgressContext?, T> work)
    {
        if (!host.IsLive) return work(null);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(host.Error) });
        host.Log.Console.Share(console);
        try
        {
            return console.Progress()
                .AutoClear(!keepsLast)
                .Columns(new ProgressBarColumn { Width = BarWidth }, new TaskDescriptionColumn { Alignment = Justify.Left })
                .Start(context => work(context));
        }
        finally
        {
            host.Log.Console.Share(null);
        }
    }
}
