using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Studies;
using FixupNet.Optimization;
using FixupNet.Runs;
using FixupNet.Runs.Checkpoints;
using FixupNet.Runs.Files;
using FixupNet.Runs.Records;
using FixupNet.Training;
using FixupNet.Training.Observers;

namespace FixupNet.Experiments.Trials;

/// <summary>Runs one trial from its configuration to its summary, in its own directory.</summary>
public static class TrialRunner
{
    /// <summary>Trains; a directory that already holds this trial's summary is left as it is, unless the trial is to begin again.</summary>
    /// <param name="document">What to train.</param>
    /// <param name="directory">Where everything is written; made where missing.</param>
    /// <param name="options">Where and how it runs.</param>
    /// <param name="services">Log, clock and progress.</param>
    /// <param name="cancellation">Ends the trial after the step at hand, as interrupted, with a checkpoint.</param>
    /// <returns>The summary; its state is completed, diverged, interrupted or stopped.</returns>
    /// <exception cref="ConfigException">The configuration cannot be run.</exception>
    /// <exception cref="InvalidDataException">The directory or its checkpoint belongs to another configuration, or logs were lost.</exception>
    /// <exception cref="RunDirectoryInUseException">Another process is writing there.</exception>
    /// <exception cref="RunTakenOverException">Another worker has taken the trial over.</exception>
    /// <exception cref="FileNotFoundException">There must be a checkpoint, and there is none.</exception>
    /// <exception cref="DeviceNotAvailableException">The device asked for is not there.</exception>
    /// <exception cref="IOException">A file cannot be written; what was saved before is as it was.</exception>
    public static TrialSummary Run(
        TrainDocument document, TrialDirectory directory, TrialOptions options, TrialServices services, CancellationToken cancellation) =>
        Run(document, directory, options, services, variation: null, cancellation);

    /// <summary>Trains otherwise than the document says.</summary>
    internal static TrialSummary Run(
        TrainDocument document, TrialDirectory directory, TrialOptions options, TrialServices services, TrainingVariation? variation, CancellationToken cancellation)
    {
        Directory.CreateDirectory(directory.Root);
        using var ownership = RunDirectoryLock.Acquire(directory.Root);
        DurableFile.DeleteTemporaries(directory.Root);
        if (options.Resume != ResumeMode.Never) LongerRun.Prepare(document, directory, services.Log);
        RequireSameConfiguration(document, directory);
        if (options.Resume != ResumeMode.Never && directory.ReadSummary() is { } known) return known;
        var fence = options.Fence is null ? null : new FenceObserver(options.Fence, directory, services.Clock);
        fence?.Require();

        var started = services.Clock.GetTimestamp();
        var resume = ResumePoint.Find(document, directory, options.Resume, services.Log);
        if (resume is null && StartingNetwork.Computes(document.Config))
            services.Log.Information("Initializing with {Scheme}, which computes", StartingNetwork.SchemeOf(document.Config).Name);
        // First of all: a trial that cannot be built must not take the directory for its configuration, nor leave it "running".
        using var trial = TrialAssembly.Create(document.Config, options, resume?.State.Arithmetic, variation);
        resume?.Restore(trial);
        _ = trial.Plan;
        var context = new TrialContext(document, directory, trial, services, resume, fence);
        if (resume is null) Begin(context, options);
        else Continue(context, resume, options);
        var parameterCount = trial.Network.parameters().Sum(parameter => parameter.numel());
        LogStart(context, parameterCount);

        var (outcome, collector, checkpoints) = Train(context, options, cancellation);
        var elapsed = services.Clock.GetElapsedTime(started) + TimeSpan.FromSeconds(resume?.State.Position.ElapsedSeconds ?? 0);
        fence?.Require();
        var summary = collector.Summarize(outcome, elapsed, parameterCount);
        Conclude(context, outcome, summary, checkpoints);
        return summary;
    }

    private static void Begin(TrialContext context, TrialOptions options)
    {
        var (directory, clock) = (context.Directory, context.Services.Clock);
        if (directory.IsEnded)
            context.Services.Log.Information("The result of the run before is kept in {Folder}", EarlierRun.SetAside(directory));
        else
            RemoveUnfinished(context);
        DurableFile.WriteAllText(directory.ConfigFile, context.Document.Json);
        directory.WriteStatus(new TrialStatus(TrialState.Running, 0, 0, clock.GetUtcNow()));
        directory.WriteEnvironment(TrialEnvironment.Describe(context, options));
        context.Trial.Task.WriteFiles(directory.Root);
    }

    private static void Continue(TrialContext context, ResumePoint resume, TrialOptions options)
    {
        var (directory, services, position) = (context.Directory, context.Services, resume.State.Position);
        services.Log.Information("Continuing at step {Step}, from {Checkpoint}", position.Updates, resume.Checkpoint.Folder);
        if (context.Trial.DifferenceFrom(resume.State.Arithmetic) is { } difference)
            services.Log.Warning("Sums round otherwise than before, so results may differ in their last bits from an uninterrupted run: {Difference}", difference);
        var settings = context.Document.Config.Checkpoint;
        new CheckpointStore(directory, settings.Keep).Adopt(resume.Checkpoint.Name, resume.IsBest && settings.FinalWeights);
        directory.WriteStatus(new TrialStatus(TrialState.Running, position.Updates, position.Epoch, services.Clock.GetUtcNow()));
        var first = directory.ReadEnvironment() ?? TrialEnvironment.Describe(context, options);
        var here = TrialEnvironment.Resume(position.Updates, context, options);
        if (first.Sources.Last() is var before && !before.IsSameBuild(here.Source!))
            services.Log.Warning("This run was trained by another build of the program ({Before}) and goes on with this one ({Here})", before, here.Source);
        directory.WriteEnvironment(first with { Resumes = [.. first.Resumes ?? [], here] });
    }

    private static void LogStart(TrialContext context, long parameterCount)
    {
        var (config, trial, log) = (context.Document.Config, context.Trial, context.Services.Log);
        log.Information(
            "{Name}: {Model} with {Parameters} parameters on {Device}, engine {Engine}; {Dataset}: {Train} training and {Test} test {Examples:l}",
            config.Name, config.Model.Name, parameterCount, trial.Device.ToString(), trial.Engine, trial.Task.DataName,
            trial.Task.TrainCount, trial.Task.TestCount, config.TaskRecord.Examples);
        log.Information("Learning rates of {Optimizer}: {Groups}", config.Optimizer.Name, Describe(trial.Optimizer));
        foreach (var warning in trial.Task.Warnings) log.Warning("{Warning:l}", warning);
        log.Information("Memory: {Reason}", trial.Plan.Reason);
    }

    private static string Describe(IOptimizer optimizer) => string.Join(", ", optimizer.Groups.Select(group =>
    {
        var others = group.Parameters.Count > 1 ? $" and {group.Parameters.Count - 1} more" : "";
        return FormattableString.Invariant($"{optimizer.LearningRate * group.LearningRateFactor:G4} for {group.Parameters[0].Name}{others}");
    }));

    private static (TrainingOutcome Outcome, SummaryCollector Collector, TrialCheckpoints Checkpoints) Train(
        TrialContext context, TrialOptions options, CancellationToken cancellation)
    {
        var (config, trial, services) = (context.Document.Config, context.Trial, context.Services);
        var stepsPerEpoch = trial.Task.BatchesPerEpoch;
        using var recorders = new TrialRecorders(context);
        var checkpoints = new TrialCheckpoints(context, recorders);
        var start = checkpoints.Start;
        using var progress = services.Progress?.Invoke(new TrialShape(
            config.Training.Epochs, stepsPerEpoch, (long)config.Training.Epochs * stepsPerEpoch, start.Updates, TimeSpan.FromSeconds(start.StepSeconds), config.TaskRecord));
        IReadOnlyList<TrainingObserver> observers = progress is null ? recorders.Observers : [.. recorders.Observers, progress];
        var trainer = new Trainer(trial.Step, trial.Network, trial.Task, trial.Schedule, services.Clock);
        var limits = new TrainerOptions(
            config.Training.Epochs, config.Training.EvaluateEveryEpochs, options.MaxSteps, config.Stop.NonFinite, config.Stop.LossAbove,
            config.Stop.MaxMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null);
        var outcome = trainer.Run(limits, observers, checkpoints, cancellation);
        recorders.End(outcome);
        return (outcome, recorders.Summary, checkpoints);
    }

    // A trial that was left off has no summary: the next run of the same directory continues it.
    private static void Conclude(TrialContext context, TrainingOutcome outcome, TrialSummary summary, TrialCheckpoints checkpoints)
    {
        var (directory, services) = (context.Directory, context.Services);
        if (!outcome.IsToBeContinued)
        {
            directory.WriteSummary(summary);
            checkpoints.RemoveUnneeded();
        }
        var reason = summary.Divergence is { } divergence ? divergence.Layer is { } layer ? $"{divergence.What} in {layer}" : divergence.What : null;
        directory.WriteStatus(new TrialStatus(summary.State, summary.Steps, summary.Epochs, services.Clock.GetUtcNow(), reason));
        if (outcome is { State: TrialState.Stopped, IsToBeContinued: true })
            services.Log.Information("Stopped at step {Step}, where the command line set a limit; the same command without it continues", summary.Steps);
        if (reason is not null) services.Log.Warning("Diverged at step {Step}: {Reason}", summary.Steps, reason);
        if (summary.GradientNorms?.DeadSinceStep is { } dead)
            services.Log.Warning("Dead since step {Step}: from there on the gradient of every layer but the last is 0; nothing passes the network's activations. " +
                "A smaller learning rate, of the scalars above all, may keep it alive", dead);
    }

    private static void RequireSameConfiguration(TrainDocument document, TrialDirectory directory)
    {
        if (!File.Exists(directory.ConfigFile)) return;
        var known = File.ReadAllText(directory.ConfigFile);
        if (known == document.Json) return;
        throw new InvalidDataException($"{directory.Root} holds a run of another configuration: {ConfigDifferences.Describe(document.Json, known)}. Choose another --output.");
    }

    private static void RemoveUnfinished(TrialContext context)
    {
        var directory = context.Directory;
        new CheckpointStore(directory, context.Document.Config.Checkpoint.Keep).RemoveAll();
        foreach (var file in (string[])[directory.MetricsFile, directory.GradientNormsFile, directory.ActivationsFile, directory.ExamplesFile]) File.Delete(file);
        foreach (var folder in (string[])[directory.TensorBoardFolder, directory.StudiesFolder])
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }
}
