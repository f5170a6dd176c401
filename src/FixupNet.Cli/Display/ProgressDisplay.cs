using FixupNet.Experiments.Trials;
using FixupNet.Training;
using Spectre.Console;

namespace FixupNet.Cli.Display;

/// <summary>Shows on standard error how far a training is: drawn in place on a terminal, elsewhere a line now and then.</summary>
internal static class ProgressDisplay
{
    /// <summary>Runs a training under a display.</summary>
    /// <param name="host">The surroundings.</param>
    /// <param name="isWanted">Whether anybody looks.</param>
    /// <param name="train">The training; takes what makes an observer, or null.</param>
    public static T Show<T>(CliHost host, bool isWanted, Func<Func<TrialShape, TrainingObserver>?, T> train)
    {
        if (!isWanted) return train(null);
        if (!host.IsLive) return train(shape => new PlainProgress(host.Log.Console, new ProgressMeter(host.Clock, shape)));

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(host.Error) });
        host.Log.Console.Share(console);
        try
        {
            return console.Progress()
                .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
                .Start(context => train(shape => new LiveProgress(context, new ProgressMeter(host.Clock, shape))));
        }
        finally
        {
            host.Log.Console.Share(null);
        }
    }
}
