using System.Text.Json;
using FixupNet.Runs.Records;
using FixupNet.Runs.TensorBoard;

namespace FixupNet.Training.Observers;

/// <summary>Writes what the other recorders write into an event file too, for TensorBoard to show while the run goes on.</summary>
/// <remarks>It is given their lines, so that the same steps have the same values in both.</remarks>
public sealed class TensorBoardRecorder : TrainingObserver, ITrainingLog
{
    private readonly TensorBoardRun _run;

    /// <summary>Begins an event file and writes the run's settings.</summary>
    /// <param name="folder">The run's folder for TensorBoard.</param>
    /// <param name="config">The run's resolved configuration, as JSON.</param>
    /// <param name="clock">Tells the time of events.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public TensorBoardRecorder(string folder, string config, TimeProvider clock)
    {
        _run = new TensorBoardRun(folder, clock.GetUtcNow);
        using var document = JsonDocument.Parse(config);
        _run.Start(document.RootElement);
    }

    /// <summary>Name of the event file.</summary>
    public string FileName => _run.FileName;

    /// <inheritdoc/>
    public long Sync() => _run.Sync();

    /// <summary>Writes a line of metrics.</summary>
    /// <param name="line">The line.</param>
    public void Add(MetricsLine line) => _run.Add(line);

    /// <summary>Writes the gradient norms of a step.</summary>
    /// <param name="line">The line.</param>
    public void Add(GradientNormsLine line) => _run.Add(line);

    /// <summary>Writes how the run ended.</summary>
    /// <param name="outcome">How; one that is to be continued has not ended.</param>
    public void End(TrainingOutcome outcome)
    {
        if (!outcome.IsToBeContinued) _run.End(outcome.State, outcome.Steps);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _run.Dispose();
}
