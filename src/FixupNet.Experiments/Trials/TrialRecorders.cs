using FixupNet.Experiments.Configuration;
using FixupNet.Runs;
using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Records;
using FixupNet.Training;
using FixupNet.Training.Observers;
using FixupNet.Training.Tasks;

namespace FixupNet.Experiments.Trials;

/// <summary>Writes all that a trial records, from its beginning or from a checkpoint on.</summary>
internal sealed class TrialRecorders : IDisposable
{
    private readonly TrialDirectory _directory;
    private readonly List<TrainingObserver> _observers = [];
    private readonly List<LogLength> _finished = [];
    private readonly List<(string Name, ITrainingLog Log)> _logs = [];
    private readonly CheckpointManifest? _manifest;
    private readonly TensorBoardRecorder? _board;

    /// <summary>Opens the logs; what they hold beyond the checkpoint is cut off.</summary>
    /// <param name="context">The trial.</param>
    /// <exception cref="InvalidDataException">A log is not the one that the checkpoint knew.</exception>
    internal TrialRecorders(TrialContext context)
    {
        var (document, directory, trial, services, resume, fence) = context;
        (_directory, _manifest) = (directory, resume?.Checkpoint.Manifest);
        var record = document.Config.Record;
        var (stepsPerEpoch, task) = (trial.Task.BatchesPerEpoch, document.Config.TaskRecord);
        Func<TimeSpan>? waited = trial.Task.Reading is null ? null : () => trial.Task.Reading!.Waited;
        Summary = resume is null
            ? new SummaryCollector(trial.Norms.Names, stepsPerEpoch, task) { Waited = waited }
            : new SummaryCollector(trial.Norms.Names, stepsPerEpoch, resume.State.Summary, TimeSpan.FromSeconds(resume.State.Position.StepSeconds), task) { Waited = waited };
        if (fence is not null) _observers.Add(fence);
        _observers.Add(Summary);
        _board = record.Tensorboard ? Board(document, services.Clock) : null;
        var (before, begun) = (resume?.State.Position.ElapsedSeconds ?? 0, services.Clock.GetTimestamp());
        double Elapsed() => before + services.Clock.GetElapsedTime(begun).TotalSeconds;
        Metrics = MetricsOf(new MetricsOptions(record.MetricsEverySteps, trial.Optimizer.LearningRate, stepsPerEpoch, Elapsed, task, waited), resume);
        Add(directory.MetricsFile, Metrics);
        if (record.GradientNormsEverySteps > 0)
        {
            var file = directory.GradientNormsFile;
            Add(file, new GradientNormRecorder(file, trial.Norms.Names, record.GradientNormsEverySteps, KeptBytes(file), _board is null ? null : _board.Add));
        }
        if (record.ActivationsEverySteps > 0)
        {
            var file = directory.ActivationsFile;
            Add(file, new ActivationRecorder(file, trial.Network, record.ActivationsEverySteps, KeptBytes(file)));
        }
        if (trial.Task is ObservedTask observed) Add(directory.ExamplesFile, new ExampleRecorder(directory.ExamplesFile, observed, KeptBytes(directory.ExamplesFile)));
        _observers.Add(new StatusRecorder(directory, services.Clock));
        if (waited is not null) _observers.Add(new ReadingLog(trial.Task, TimeSpan.FromSeconds(resume?.State.Position.StepSeconds ?? 0), services.Log));
    }

    internal SummaryCollector Summary { get; }

    internal MetricsRecorder Metrics { get; }

    internal IReadOnlyList<TrainingObserver> Observers => _observers;

    /// <summary>Forces all logs to the device.</summary>
    /// <returns>Their lengths.</returns>
    /// <exception cref="IOException">The device reported an error.</exception>
    internal IReadOnlyList<LogLength> Sync() => [.. _finished, .. _logs.Select(log => new LogLength(log.Name, log.Log.Sync()))];

    /// <summary>Writes how the run ended where a log tells it.</summary>
    /// <param name="outcome">How.</param>
    internal void End(TrainingOutcome outcome) => _board?.End(outcome);

    /// <summary>Closes the logs.</summary>
    public void Dispose()
    {
        foreach (var observer in _observers) observer.Dispose();
    }

    private MetricsRecorder MetricsOf(MetricsOptions options, ResumePoint? resume)
    {
        Action<MetricsLine>? written = _board is null ? null : _board.Add;
        return resume is null
            ? new MetricsRecorder(_directory.MetricsFile, options, written)
            : new MetricsRecorder(_directory.MetricsFile, options, KeptBytes(_directory.MetricsFile)!.Value, resume.State.Metrics, written);
    }

    // An event file goes on in another one: TensorBoard reads those of a folder as one.
    private TensorBoardRecorder Board(TrainDocument document, TimeProvider clock)
    {
        if (Directory.Exists(_directory.TensorBoardFolder))
        {
            foreach (var file in Directory.EnumerateFiles(_directory.TensorBoardFolder).Order(StringComparer.Ordinal)) CutBack(file);
        }
        var board = new TensorBoardRecorder(_directory.TensorBoardFolder, document.Json, clock);
        Add(Path.Combine(_directory.TensorBoardFolder, board.FileName), board);
        return board;
    }

    private void CutBack(string eventFile)
    {
        var length = KeptBytes(eventFile) ?? 0;
        if (length == 0)
        {
            File.Delete(eventFile);
            return;
        }
        using (var stream = new FileStream(eventFile, FileMode.Open, FileAccess.Write)) stream.SetLength(length);
        _finished.Add(new LogLength(NameOf(eventFile), length));
    }

    private void Add<T>(string file, T recorder) where T : TrainingObserver, ITrainingLog
    {
        _observers.Add(recorder);
        _logs.Add((NameOf(file), recorder));
    }

    private long? KeptBytes(string file) => _manifest?.LengthOf(NameOf(file));

    private string NameOf(string file) => Path.GetRelativePath(_directory.Root, file).Replace('\\', '/');
}
