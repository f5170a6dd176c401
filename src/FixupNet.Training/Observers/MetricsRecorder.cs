using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Training.Observers;

/// <summary>What lines of metrics.jsonl cover.</summary>
/// <param name="EverySteps">Steps between training lines, which stand at its multiples, as gradient norms do, and at the last step of an epoch.</param>
/// <param name="LearningRate">Base learning rate η; a line states η times the schedule's factor.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
/// <param name="ElapsedSeconds">Tells the time spent on the run so far; null for lines without it.</param>
public sealed record MetricsOptions(int EverySteps, double LearningRate, int StepsPerEpoch, Func<double>? ElapsedSeconds = null);

/// <summary>Writes metrics.jsonl: training values averaged over the steps since the line before, and every evaluation.</summary>
public sealed class MetricsRecorder : TrainingObserver, ITrainingLog
{
    private readonly MetricsOptions _options;
    private readonly Action<MetricsLine>? _written;
    private readonly JsonLinesWriter _lines;
    private long _sequence;
    private int _steps;
    private double _loss;
    private double _correct;
    private long _examples;
    private TimeSpan _linesUntil;

    /// <summary>Begins the file.</summary>
    /// <param name="path">The file; lines are appended.</param>
    /// <param name="options">What a line covers.</param>
    /// <param name="written">Takes every line as well; null for nobody.</param>
    public MetricsRecorder(string path, MetricsOptions options, Action<MetricsLine>? written = null) =>
        (_options, _written, _lines) = (options, written, new JsonLinesWriter(path));

    /// <summary>Continues the file after a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What a line covers.</param>
    /// <param name="keepBytes">Length of the file at the checkpoint; the rest is cut off.</param>
    /// <param name="progress">What <see cref="Progress"/> was.</param>
    /// <param name="written">Takes every line as well; null for nobody.</param>
    /// <exception cref="InvalidDataException">The file is shorter than keepBytes, or no line ends there.</exception>
    public MetricsRecorder(string path, MetricsOptions options, long keepBytes, MetricsProgress progress, Action<MetricsLine>? written = null)
    {
        (_options, _written, _lines) = (options, written, new JsonLinesWriter(path, keepBytes));
        (_sequence, _steps, _loss, _correct, _examples) = (progress.NextSeq, progress.Steps, progress.LossSum, progress.CorrectSum, progress.Examples);
        _linesUntil = TimeSpan.FromSeconds(progress.LinesUntilSeconds);
    }

    /// <summary>What no line holds yet.</summary>
    public MetricsProgress Progress => new(_sequence, _steps, _loss, _correct, _examples, _linesUntil.TotalSeconds);

    /// <inheritdoc/>
    public long Sync() => _lines.Sync();

    /// <inheritdoc/>
    public override void OnStep(StepReport report)
    {
        var result = report.Result;
        _steps++;
        _loss += result.Loss * result.ExampleCount;
        _correct += result.CorrectCount;
        _examples += result.ExampleCount;
        var isLastOfEpoch = (report.UpdatesMade + 1) % _options.StepsPerEpoch == 0;
        // A step that went wrong is written at once: it may be the last.
        if (report.UpdatesMade % _options.EverySteps != 0 && !isLastOfEpoch && result.Failure is null) return;

        var seconds = (report.Elapsed - _linesUntil).TotalSeconds;
        Write(new MetricsLine(
            _sequence++, report.UpdatesMade, report.Epoch, MetricsSplit.Train, _loss / _examples, _correct / _examples, result.Norms.Total,
            _options.LearningRate * report.LearningRateFactor, seconds > 0 ? _examples / seconds : null, ProcessMemory.PeakBytes,
            _steps, _options.ElapsedSeconds?.Invoke(), result.Transformed?.Norm, ClippedBy(result)));
        (_steps, _loss, _correct, _examples, _linesUntil) = (0, 0, 0, 0, report.Elapsed);
    }

    /// <inheritdoc/>
    public override void OnEvaluated(EvaluationReport report) => Write(new MetricsLine(
        _sequence++, report.UpdatesMade, report.Epoch, MetricsSplit.Test, report.Result.Loss, report.Result.Accuracy,
        ElapsedSeconds: _options.ElapsedSeconds?.Invoke()));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _lines.Dispose();

    // A transform that is listed twice is told of once, as it worked first.
    private static Dictionary<string, double>? ClippedBy(StepResult result) =>
        result.Transformed?.Readings.DistinctBy(reading => reading.Name).ToDictionary(reading => reading.Name, reading => reading.Clipped);

    private void Write(MetricsLine line)
    {
        _lines.Write(line);
        _written?.Invoke(line);
    }
}
