using FixupNet.Experiments.Configuration;
using FixupNet.Runs;
using FixupNet.Runs.Files;
using FixupNet.Runs.Records;
using FixupNet.Training;
using FixupNet.Training.Checkpoints;
using FixupNet.Training.Observers;

namespace FixupNet.Experiments.Trials;

/// <summary>Runs one trial from its configuration to its summary, in its own directory.</summary>
public static class TrialRunner
{
    /// <summary>Trains; a directory that already holds this trial's summary is left as it is.</summary>
    /// <param name="document">What to train.</param>
    /// <param name="directory">Where everything is written; made where missing.</param>
    /// <param name="options">Where and how it runs.</param>
    /// <param name="services">Log, clock and progress.</param>
    /// <param name="cancellation">Ends the trial after the step at hand, as interrupted.</param>
    /// <returns>The summary; its state is completed, diverged, interrupted or stopped.</returns>
    /// <exception cref="ConfigException">The configuration cannot be run.</exception>
    /// <exception cref="InvalidDataException">The directory belongs to another configuration.</exception>
    /// <exception cref="RunDirectoryInUseException">Another process is writing there.</exception>
    /// <exception cref="DeviceNotAvailableException">The device asked for is not there.</exception>
    public static TrialSummary Run(
        TrainDocument document, TrialDirectory directory, TrialOptions options, TrialServices services, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory.Root);
        using var ownership = RunDirectoryLock.Acquire(directory.Root);
        RequireSameConfiguration(document, directory);
        if (directory.ReadSummary() is { } known) return known;

        var (log, clock) = (services.Log, services.Clock);
        var started = clock.GetTimestamp();
        // First of all: a trial that cannot be built must not take the directory for its configuration, nor leave it "running".
        using var trial = TrialAssembly.Create(document.Config, options);
        var plan = trial.Plan;
        RemoveUnfinished(directory);
        DurableFile.WriteAllText(directory.ConfigFile, document.Json);
        directory.WriteStatus(new TrialStatus(TrialState.Running, 0, 0, clock.GetUtcNow()));
        directory.WriteEnvironment(TrialEnvironment.Describe(trial, options, clock));
        var parameterCount = trial.Network.parameters().Sum(parameter => parameter.numel());
        log.Information(
            "{Name}: {Model} with {Parameters} parameters on {Device}, engine {Engine}; {Dataset}: {Train} training and {Test} test images",
            document.Config.Name, document.Config.Model.Name, parameterCount, trial.Device.ToString(), trial.Engine, trial.Dataset.Name,
            trial.Batches.TrainCount, trial.Batches.TestCount);
        log.Information("Memory: {Reason}", plan.Reason);
        if (trial.Step is DepthFirstStep { Convolutions: var convolutions, ChoicesStory: var story })
            log.Information("Convolutions: {Algorithms} ({Story})", string.Join(", ", convolutions.Values.Distinct()), story);

        var (outcome, collector) = Train(document, trial, directory, options, services, cancellation);
        var summary = collector.Summarize(outcome, clock.GetElapsedTime(started), parameterCount);
        Conclude(directory, summary, services);
        return summary;
    }

    private static (TrainingOutcome Outcome, SummaryCollector Collector) Train(
        TrainDocument document, TrialAssembly trial, TrialDirectory directory, TrialOptions options, TrialServices services,
        CancellationToken cancellation)
    {
        var config = document.Config;
        var stepsPerEpoch = trial.Batches.BatchesPerEpoch;
        var collector = new SummaryCollector(trial.Norms.Names, stepsPerEpoch);
        List<TrainingObserver> observers = [collector, .. Recorders(document, trial, directory, services.Clock), new StatusRecorder(directory, services.Clock)];
        if (services.Progress is { } progress)
            observers.Add(progress(new TrialShape(config.Training.Epochs, stepsPerEpoch, (long)config.Training.Epochs * stepsPerEpoch)));
        try
        {
            var trainer = new Trainer(trial.Step, trial.Network, trial.Batches, trial.Schedule, services.Clock);
            var limits = new TrainerOptions(
                config.Training.Epochs, config.Training.EvaluateEveryEpochs, options.MaxSteps, config.Stop.NonFinite, config.Stop.LossAbove,
                config.Stop.MaxMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null);
            var outcome = trainer.Run(limits, observers, cancellation);
            if (config.Checkpoint.FinalWeights) SaveWeights(trial, directory, outcome);
            return (outcome, collector);
        }
        finally
        {
            foreach (var observer in observers) observer.Dispose();
        }
    }

    private static IEnumerable<TrainingObserver> Recorders(TrainDocument document, TrialAssembly trial, TrialDirectory directory, TimeProvider clock)
    {
        var record = document.Config.Record;
        var board = record.Tensorboard ? new TensorBoardRecorder(directory.TensorBoardFolder, document.Json, clock) : null;
        if (board is not null) yield return board;
        yield return new MetricsRecorder(
            directory.MetricsFile, record.MetricsEverySteps, trial.Optimizer.LearningRate, trial.Batches.BatchesPerEpoch, written: board is null ? null : board.Add);
        if (record.GradientNormsEverySteps > 0)
            yield return new GradientNormRecorder(
                directory.GradientNormsFile, trial.Norms.Names, record.GradientNormsEverySteps, written: board is null ? null : board.Add);
        if (record.ActivationsEverySteps > 0)
            yield return new ActivationRecorder(directory.ActivationsFile, trial.Network, record.ActivationsEverySteps);
    }

    private static void SaveWeights(TrialAssembly trial, TrialDirectory directory, TrainingOutcome outcome)
    {
        if (outcome.State is not (TrialState.Completed or TrialState.Stopped)) return;
        Directory.CreateDirectory(directory.CheckpointFolder(outcome.Steps));
        ModelWeights.Save(trial.Network, Path.Combine(directory.CheckpointFolder(outcome.Steps), "model.safetensors"));
        DurableFile.WriteAllText(directory.LatestCheckpointFile, RunNames.Checkpoint(outcome.Steps) + "\n");
    }

    // An interrupted trial has no summary: the next run of the same directory starts it again.
    private static void Conclude(TrialDirectory directory, TrialSummary summary, TrialServices services)
    {
        if (summary.State != TrialState.Interrupted) directory.WriteSummary(summary);
        var reason = summary.Divergence is { } divergence ? $"{divergence.What} in {divergence.Layer ?? "the loss"}" : null;
        directory.WriteStatus(new TrialStatus(summary.State, summary.Steps, summary.Epochs, services.Clock.GetUtcNow(), reason));
        if (reason is not null) services.Log.Warning("Diverged at step {Step}: {Reason}", summary.Steps, reason);
    }

    private static void RequireSameConfiguration(TrainDocument document, TrialDirectory directory)
    {
        if (!File.Exists(directory.ConfigFile) || File.ReadAllText(directory.ConfigFile) == document.Json) return;
        throw new InvalidDataException($"{directory.Root} holds a run of another configuration (its config.json differs); choose another --output.");
    }

    private static void RemoveUnfinished(TrialDirectory directory)
    {
        foreach (var file in (string[])[directory.MetricsFile, directory.GradientNormsFile, directory.ActivationsFile]) File.Delete(file);
        if (Directory.Exists(directory.TensorBoardFolder)) Directory.Delete(directory.TensorBoardFolder, recursive: true);
    }
}
