using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Training.Observers;

/// <summary>What lines of metrics.jsonl cover.</summary>
/// <param name="EverySteps">Steps between training lines, which stand at its multiples, as gradient norms do, and at the last step of an epoch.</param>
/// <param name="LearningRate">Base learning rate η; a line states η times the schedule's factor.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
/// <param name="ElapsedSeconds">Tells the time spent on the run so far; null for lines without it.</param>
/// <param name="Task">What is measured; null for <see cref="TaskRecord.ImageClassification"/>.</param>
/// <param name="Waited">Tells how long this process has waited for examples so far; null where all are in memory.</param>
public sealed record MetricsOptions(
    int EverySteps, double LearningRate, int StepsPerEpoch, Func<double>? ElapsedSeconds = null, TaskRecord? Task = null, Func<TimeSpan>? Waited = null);

/// <summary>Writes metrics.jsonl: training values averaged over the steps since the line before, and every evaluation.</summary>
public sealed class MetricsRecorder : TrainingObserver, ITrainingLog
{
    private readonly MetricsOptions _options;
    private readonly Action<MetricsLine>? _written;
    private readonly JsonLinesWriter _lines;
    private readonly TaskRecord _task;
    private readonly MetricTotals _totals;
    private long _sequence;
    private int _steps;
    private long _examples;
    private TimeSpan _linesUntil;
    private TimeSpan _waitedUntil;

    /// <summary>Begins the file.</summary>
    /// <param name="path">The file; lines are appended.</param>
    /// <param name="options">What a line covers.</param>
    /// <param name="written">Takes every line as well; null for nobody.</param>
    public MetricsRecorder(string path, MetricsOptions options, Action<MetricsLine>? written = null) : this(new JsonLinesWriter(path), options, written)
    {
    }

    /// <summary>Continues the file after a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What a line covers.</param>
    /// <param name="keepBytes">Length of the file at the checkpoint; the rest is cut off.</param>
    /// <param name="progress">What <see cref="Progress"/> was.</param>
    /// <param name="written">Takes every line as well; null for nobody.</param>
    /// <exception cref="InvalidDataException">The file is shorter than keepBytes, or no line ends there.</exception>
    public MetricsRecorder(string path, MetricsOptions options, long keepBytes, MetricsProgress progress, Action<MetricsLine>? written = null)
        : this(new JsonLinesWriter(path, keepBytes), options, written)
    {
        (_sequence, _steps, _examples) = (progress.NextSeq, progress.Steps, progress.Examples);
        _totals.Add(progress.Gathered);
        _linesUntil = TimeSpan.FromSeconds(progress.LinesUntilSeconds);
    }

    private MetricsRecorder(JsonLinesWriter lines, MetricsOptions options, Action<MetricsLine>? written)
    {
        (_lines, _options, _written, _task) = (lines, options, written, options.Task ?? TaskRecord.ImageClassification);
        _totals = new MetricTotals(_task.Metrics);
    }

    /// <summary>What no line holds yet.</summary>
    public MetricsProgress Progress => new(_sequence, _steps, _examples, _linesUntil.TotalSeconds, _totals.All);

    /// <inheritdoc/>
    public long Sync() => _lines.Sync();

    /// <inheritdoc/>
    public override void OnStep(StepReport report)
    {
        var result = report.Result;
        _steps++;
        _totals.Add(result.Totals);
        _examples += result.ExampleCount;
        var isLastOfEpoch = (report.UpdatesMade + 1) % _options.StepsPerEpoch == 0;
        // A step that went wrong is written at once: it may be the last.
        if (report.UpdatesMade % _options.EverySteps != 0 && !isLastOfEpoch && result.Failure is null) return;

        var seconds = (report.Elapsed - _linesUntil).TotalSeconds;
        var (imagesPerSecond, examplesPerSecond) = _task.Speed(seconds > 0 ? _examples / seconds : null);
        Write(new MetricsLine(
            _sequence++, report.UpdatesMade, report.Epoch, MetricsSplit.Train, _totals.Values(), result.Norms.Total,
            _options.LearningRate * report.LearningRateFactor, imagesPerSecond, ProcessMemory.PeakBytes,
            _steps, _options.ElapsedSeconds?.Invoke(), result.Transformed?.Norm, ClippedBy(result), examplesPerSecond, WaitedShare(seconds)));
        _totals.Clear();
        (_steps, _examples, _linesUntil) = (0, 0, report.Elapsed);
    }

    /// <inheritdoc/>
    public override void OnEvaluated(EvaluationReport report) => Write(new MetricsLine(
        _sequence++, report.UpdatesMade, report.Epoch, MetricsSplit.Test, report.Result.Values, ElapsedSeconds: _options.ElapsedSeconds?.Invoke()));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _lines.Dispose();

    // Steps under way already may have waited for examples that are not reported yet.
    private double? WaitedShare(double seconds)
    {
        if (_options.Waited is null || seconds <= 0) return null;
        var (before, now) = (_waitedUntil, _options.Waited());
        _waitedUntil = now;
        return Math.Min(1, (now - before).TotalSeconds / seconds);
    }

    // A transform that is listed twice is told of once, as it worked first.
    private static Dictionary<string, double>? ClippedBy(StepResult result) =>
        result.Transformed?.Readings.DistinctBy(reading => reading.Name).ToDictionary(reading => reading.Name, reading => reading.Clipped);

    private void Write(MetricsLine line)
    {
        _lines.Write(line);
        _written?.Invoke(line);
    }
}
