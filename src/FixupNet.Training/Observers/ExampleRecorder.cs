using FixupNet.Runs.Json;
using FixupNet.Training.Tasks;

namespace FixupNet.Training.Observers;

/// <summary>Writes examples.jsonl: which training examples were classified right, step by step.</summary>
public sealed class ExampleRecorder : TrainingObserver, ITrainingLog
{
    private readonly JsonLinesWriter _lines;
    private readonly ObservedTask _task;

    /// <summary>Opens the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="task">What is trained.</param>
    /// <param name="keepBytes">Length to cut the file back to, that at a checkpoint; null keeps every intact line.</param>
    /// <exception cref="InvalidDataException">The file is shorter than keepBytes, or no line ends there.</exception>
    public ExampleRecorder(string path, ObservedTask task, long? keepBytes = null) => (_lines, _task) = (new JsonLinesWriter(path, keepBytes), task);

    /// <inheritdoc/>
    public long Sync() => _lines.Sync();

    /// <inheritdoc/>
    public override void OnStep(StepReport report) => _lines.Write(_task.Take(report.UpdatesMade));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _lines.Dispose();
}
