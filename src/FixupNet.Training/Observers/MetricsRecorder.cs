using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Training.Observers;

/// <summary>Writes metrics.jsonl: training values averaged over the steps since the line before, and every evaluation.</summary>
/// <param name="path">The file; lines are appended.</param>
/// <param name="everySteps">Steps a training line covers; the last line of an epoch may cover fewer.</param>
/// <param name="learningRate">Base learning rate η; a line states η times the schedule's factor.</param>
/// <param name="stepsPerEpoch">Steps of an epoch.</param>
/// <param name="written">Takes every line as well; null for nobody.</param>
public sealed class MetricsRecorder(
    string path, int everySteps, double learningRate, int stepsPerEpoch, Action<MetricsLine>? written = null) : TrainingObserver
{
    private readonly JsonLinesWriter _lines = new(path);
    private long _sequence;
    private int _steps;
    private double _loss;
    private double _correct;
    private long _examples;
    private TimeSpan _linesUntil;

    /// <inheritdoc/>
    public override void OnStep(StepReport report)
    {
        var result = report.Result;
        _steps++;
        _loss += result.Loss * result.ExampleCount;
        _correct += result.CorrectCount;
        _examples += result.ExampleCount;
        var made = report.UpdatesMade + (result.Updated ? 1 : 0);
        // A step that went wrong is written at once: it may be the last.
        if (_steps < everySteps && made % stepsPerEpoch != 0 && result.Failure is null) return;

        var seconds = (report.Elapsed - _linesUntil).TotalSeconds;
        Write(new MetricsLine(
            _sequence++, made, report.Epoch, MetricsSplit.Train, _loss / _examples, _correct / _examples, result.Norms.Total,
            learningRate * report.LearningRateFactor, seconds > 0 ? _examples / seconds : null, ProcessMemory.PeakBytes));
        (_steps, _loss, _correct, _examples, _linesUntil) = (0, 0, 0, 0, report.Elapsed);
    }

    /// <inheritdoc/>
    public override void OnEvaluated(EvaluationReport report) => Write(new MetricsLine(
        _sequence++, report.UpdatesMade, report.Epoch, MetricsSplit.Test, report.Result.Loss, report.Result.Accuracy));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _lines.Dispose();

    private void Write(MetricsLine line)
    {
        _lines.Write(line);
        written?.Invoke(line);
    }
}
