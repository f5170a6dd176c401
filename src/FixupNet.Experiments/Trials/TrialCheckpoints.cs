using System.Text.Json;
using FixupNet.Experiments.Configuration;
using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;
using FixupNet.Training;
using FixupNet.Training.Checkpoints;

namespace FixupNet.Experiments.Trials;

/// <summary>Saves a trial when its configuration asks for it, at each best evaluation, when it is left off and at its end.</summary>
/// <param name="context">The trial.</param>
/// <param name="recorders">Its logs.</param>
internal sealed class TrialCheckpoints(TrialContext context, TrialRecorders recorders) : ITrainingCheckpoints
{
    private readonly CheckpointConfig _config = context.Document.Config.Checkpoint;
    private readonly CheckpointStore _store = new(context.Directory, context.Document.Config.Checkpoint.Keep);
    private TrainingPosition? _savedAt = context.Resume?.State.Position;
    private BestResult? _best = context.Resume?.State.Summary.Best;
    private long _savedTime = context.Services.Clock.GetTimestamp();

    /// <inheritdoc/>
    public TrainingPosition Start => context.Resume?.State.Position ?? TrainingPosition.Start;

    /// <inheritdoc/>
    // At the end of an epoch its evaluation comes first, or the same weights would be saved twice.
    public bool IsDueAfterStep(TrainingPosition position) => position.Batch < context.Trial.Task.BatchesPerEpoch && IsDue(position);

    /// <inheritdoc/>
    public void AfterStep(TrainingPosition position) => Save(position, isBest: false);

    /// <inheritdoc/>
    public void AfterEpoch(TrainingPosition position)
    {
        var best = recorders.Summary.Progress.Best;
        var isBest = best != _best && _config.FinalWeights;
        _best = best;
        if (isBest || IsDue(position)) Save(position, isBest);
    }

    /// <inheritdoc/>
    public void AtEnd(TrainingPosition position, TrainingOutcome outcome)
    {
        var isKept = _config.FinalWeights && outcome.State is TrialState.Completed or TrialState.Stopped;
        if (outcome.IsToBeContinued || isKept) Save(position, isBest: false);
    }

    /// <summary>Removes what only served to resume, once the trial's result is on disk.</summary>
    internal void RemoveUnneeded()
    {
        if (!_config.FinalWeights) _store.RemoveAll();
    }

    private bool IsDue(TrainingPosition position) =>
        (_config.EverySteps is { } steps && position.Updates % steps == 0)
        || (_config.EveryMinutes is { } minutes && context.Services.Clock.GetElapsedTime(_savedTime).TotalMinutes >= minutes);

    private void Save(TrainingPosition position, bool isBest)
    {
        if (_savedAt?.IsSamePoint(position) == true) return;
        context.Fence?.Require();
        var (trial, clock) = (context.Trial, context.Services.Clock);
        var started = clock.GetTimestamp();
        var logs = recorders.Sync();
        var state = new CheckpointState(position, recorders.Metrics.Progress, recorders.Summary.Progress, trial.Arithmetic, trial.Task.DataDigest);
        var saved = _store.Save(
            position.Updates, context.Document.Hash, logs,
            [
                (Checkpoint.ModelFile, stream => ModelWeights.Write(trial.Network, stream)),
                (Checkpoint.OptimizerFile, stream => NamedTensors.Write(stream, trial.Optimizer.State)),
                .. trial.Average is { } average ? [(Checkpoint.AverageFile, stream => NamedTensors.Write(stream, average.State))] : Array.Empty<(string, Action<Stream>)>(),
                (Checkpoint.StateFile, stream => JsonSerializer.Serialize(stream, state, RunJson.Indented)),
            ],
            isBest);
        (_savedAt, _savedTime) = (position, clock.GetTimestamp());
        context.Services.Log.Debug(
            "Checkpoint {Name}: {Bytes} bytes in {Seconds:F3} s", saved.Name, saved.Manifest.Files.Sum(file => file.Bytes),
            clock.GetElapsedTime(started).TotalSeconds);
    }
}
