using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Training.Observers;

/// <summary>Gathers what summary.json tells of a whole run.</summary>
/// <param name="layers">Names of the recorded layers, in forward order.</param>
/// <param name="stepsPerEpoch">Steps of an epoch.</param>
/// <param name="task">What is measured, and by which metric the best test is chosen; null for <see cref="TaskRecord.ImageClassification"/>.</param>
public sealed class SummaryCollector(IReadOnlyList<string> layers, int stepsPerEpoch, TaskRecord? task = null) : TrainingObserver
{
    private readonly TaskRecord _task = task ?? TaskRecord.ImageClassification;
    private readonly MetricTotals _totals = new((task ?? TaskRecord.ImageClassification).Metrics);
    private long _examples;
    private long _allExamples;
    private TimeSpan _elapsed;
    private double _maxNorm = double.NaN;
    private double _firstNorm;
    private double _lastNorm;
    private MetricValues? _test;
    private BestResult? _best;
    private long _peakMemoryBytes;
    private long? _lastAliveStep;
    private double _waitedBefore;

    /// <summary>Tells how long this process has waited for examples so far; null where all are in memory.</summary>
    public Func<TimeSpan>? Waited { get; init; }

    /// <summary>Continues after a checkpoint.</summary>
    /// <param name="layers">Names of the recorded layers, in forward order.</param>
    /// <param name="stepsPerEpoch">Steps of an epoch.</param>
    /// <param name="progress">What <see cref="Progress"/> was.</param>
    /// <param name="elapsed">Time in training steps until then.</param>
    /// <param name="task">What is measured, and by which metric the best test is chosen; null for <see cref="TaskRecord.ImageClassification"/>.</param>
    public SummaryCollector(IReadOnlyList<string> layers, int stepsPerEpoch, SummaryProgress progress, TimeSpan elapsed, TaskRecord? task = null)
        : this(layers, stepsPerEpoch, task)
    {
        _totals.Add(progress.Gathered);
        (_examples, _allExamples) = (progress.Examples, progress.AllExamples);
        (_maxNorm, _firstNorm, _lastNorm, _peakMemoryBytes) = (progress.MaxNorm, progress.FirstNorm, progress.LastNorm, progress.PeakMemoryBytes);
        (_test, _best, _elapsed, _lastAliveStep, _waitedBefore) = (progress.Test, progress.Best, elapsed, progress.LastAliveStep, progress.WaitedSeconds);
    }

    /// <summary>What was gathered so far.</summary>
    public SummaryProgress Progress =>
        new(_examples, _allExamples, _maxNorm, _firstNorm, _lastNorm, PeakMemoryBytes, _test, _best, _lastAliveStep, _totals.All, WaitedSeconds: WaitedSeconds);

    private double WaitedSeconds => _waitedBefore + (Waited?.Invoke().TotalSeconds ?? 0);

    private long PeakMemoryBytes => Math.Max(_peakMemoryBytes, ProcessMemory.PeakBytes);

    /// <inheritdoc/>
    public override void OnStep(StepReport report)
    {
        var result = report.Result;
        if (report.UpdatesMade % stepsPerEpoch == 0)
        {
            _totals.Clear();
            _examples = 0;
        }
        _totals.Add(result.Totals);
        _examples += result.ExampleCount;
        _allExamples += result.ExampleCount;
        _elapsed = report.Elapsed;
        (_firstNorm, _lastNorm) = (result.Norms.Norms[0], result.Norms.Norms[^1]);
        if (result.Norms.Norms.SkipLast(1).Any(norm => norm != 0)) _lastAliveStep = report.UpdatesMade;
        // Only finite ones: the largest norm before things went wrong is the one to report.
        if (double.IsFinite(result.Norms.Total) && !(result.Norms.Total <= _maxNorm)) _maxNorm = result.Norms.Total;
    }

    /// <inheritdoc/>
    public override void OnEvaluated(EvaluationReport report)
    {
        _test = report.Result.Values;
        var metric = _task.Metrics.First(metric => metric.Name == _task.BestBy);
        if (double.IsFinite(_test.Loss) && _test[metric.Name] is { } value && metric.IsBetter(value, _best?.Value ?? double.NaN))
            _best = new BestResult(report.Epoch, report.UpdatesMade, metric.Name, value);
    }

    /// <summary>The summary; training values are those of the last epoch begun.</summary>
    /// <param name="outcome">How the run ended.</param>
    /// <param name="elapsed">Wall-clock time of the whole run.</param>
    /// <param name="parameterCount">Parameters of the network.</param>
    public TrialSummary Summarize(TrainingOutcome outcome, TimeSpan elapsed, long parameterCount)
    {
        var (imagesPerSecond, examplesPerSecond) = _task.Speed(_elapsed > TimeSpan.Zero ? _allExamples / _elapsed.TotalSeconds : null);
        return new(
            outcome.State, outcome.Steps, outcome.Epochs, elapsed.TotalSeconds,
            Train: _examples == 0 ? null : _totals.Values(),
            Test: _test,
            Best: _best,
            Divergence: outcome.Divergence,
            GradientNorms: _allExamples == 0 ? null : new GradientNormsSummary(layers[0], _firstNorm, layers[^1], _lastNorm, _maxNorm, DeadSince(outcome.Steps)),
            ImagesPerSecond: imagesPerSecond,
            PeakMemoryBytes: PeakMemoryBytes,
            ParameterCount: parameterCount,
            ExamplesPerSecond: examplesPerSecond,
            WaitedShare: Waited is null || _elapsed <= TimeSpan.Zero ? null : Math.Min(1, WaitedSeconds / _elapsed.TotalSeconds));
    }

    // Fixup's first steps have gradients of 0 by design: only a network that was alive can die.
    private long? DeadSince(long steps) => _lastAliveStep + 1 < steps ? _lastAliveStep + 1 : null;
}
