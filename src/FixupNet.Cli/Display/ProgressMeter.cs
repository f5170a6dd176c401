using FixupNet.Experiments.Trials;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training;

namespace FixupNet.Cli.Display;

/// <summary>Gathers steps into values worth showing: means since the last time they were shown, and the time left.</summary>
/// <param name="clock">Tells the time.</param>
/// <param name="shape">How long the training is.</param>
internal sealed class ProgressMeter(TimeProvider clock, TrialShape shape)
{
    private readonly long _started = clock.GetTimestamp();
    private long _shown = clock.GetTimestamp();
    private TimeSpan _elapsedWhenShown = shape.StepTimeBefore;
    private readonly TaskRecord _task = shape.Task ?? TaskRecord.ImageClassification;
    private readonly MetricTotals _totals = new((shape.Task ?? TaskRecord.ImageClassification).Metrics);
    private long _exampleCount;

    /// <summary>Updates in all.</summary>
    public long TotalSteps => shape.TotalSteps;

    /// <summary>Takes a step in.</summary>
    /// <param name="report">The step.</param>
    /// <param name="interval">Least time between two texts.</param>
    /// <returns>What to show, or null while the last text is younger than the interval.</returns>
    public string? Add(StepReport report, TimeSpan interval)
    {
        _totals.Add(report.Result.Totals);
        _exampleCount += report.Result.ExampleCount;
        if (clock.GetElapsedTime(_shown) < interval) return null;
        var text = Text(report);
        _totals.Clear();
        _exampleCount = 0;
        (_shown, _elapsedWhenShown) = (clock.GetTimestamp(), report.Elapsed);
        return text;
    }

    private string Text(StepReport report)
    {
        var made = report.UpdatesMade + 1;
        var speed = _exampleCount / (report.Elapsed - _elapsedWhenShown).TotalSeconds;
        var left = clock.GetElapsedTime(_started) * ((TotalSteps - made) / (double)(made - shape.StepsDone));
        var unit = _task == TaskRecord.ImageClassification ? "img" : _task.Examples;
        return FormattableString.Invariant(
            $"epoch {report.EpochsDone:F2}/{shape.Epochs}  {RunText.Values(_totals.Values(), "  ", "F3")}  {speed:F0} {unit}/s  {RunText.Seconds(left.TotalSeconds)} left");
    }
}
