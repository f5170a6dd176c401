using FixupNet.Training;
using Spectre.Console;

namespace FixupNet.Cli.Display;

/// <summary>Progress drawn in place.</summary>
internal sealed class LiveProgress : TrainingObserver
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    private readonly ProgressMeter _meter;
    private readonly ProgressTask _task;
    private string _tested = "";

    /// <summary>Begins to draw.</summary>
    /// <param name="context">The display.</param>
    /// <param name="meter">Makes its text.</param>
    public LiveProgress(ProgressContext context, ProgressMeter meter)
    {
        _meter = meter;
        _task = context.AddTask("starting", maxValue: Math.Max(1, meter.TotalSteps));
    }

    /// <inheritdoc/>
    public override void OnStep(StepReport report)
    {
        if (_meter.Add(report, Interval) is { } text) _task.Description = Markup.Escape(text + _tested);
        _task.Value = report.UpdatesMade + 1;
    }

    /// <inheritdoc/>
    public override void OnEvaluated(EvaluationReport report) => _tested = FormattableString.Invariant($"  test {report.Result.Accuracy:F4}");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _task.StopTask();
    }
}
