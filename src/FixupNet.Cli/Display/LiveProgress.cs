using FixupNet.Cli.Host;
using FixupNet.Training;
using Spectre.Console;

namespace FixupNet.Cli.Display;

/// <summary>Progress drawn in place.</summary>
internal sealed class LiveProgress : TrainingObserver
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private readonly ConsoleSink _console;
    private readonly ProgressMeter _meter;
    private readonly ProgressTask _task;

    /// <summary>Begins to draw.</summary>
    /// <param name="context">The display.</param>
    /// <param name="console">Takes the lines above it.</param>
    /// <param name="meter">Makes its text.</param>
    public LiveProgress(ProgressContext context, ConsoleSink console, ProgressMeter meter)
    {
        (_console, _meter) = (console, meter);
        _task = context.AddTask("starting", maxValue: Math.Max(1, meter.TotalSteps));
    }

    /// <inheritdoc/>
    public override void OnStep(StepReport report)
    {
        if (_meter.Add(report, Interval) is { } text) _task.Description = Markup.Escape(text);
        _task.Value = report.UpdatesMade + 1;
    }

    /// <inheritdoc/>
    public override void OnEvaluated(EvaluationReport report) => _console.WriteLine(PlainProgress.Text(report));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _task.StopTask();
    }
}
