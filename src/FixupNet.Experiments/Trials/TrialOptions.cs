using FixupNet.Runs.Records;
using FixupNet.Training;
using Serilog;

namespace FixupNet.Experiments.Trials;

/// <summary>Where and how a trial runs; what it computes is the configuration's business.</summary>
/// <param name="Device">auto, cpu, cuda or cuda:N; auto takes a GPU where there is one.</param>
/// <param name="Threads">CPU threads of one operation; null for one a physical core.</param>
/// <param name="MaxSteps">Updates after which the trial stops, to be continued by a later run; null for no limit.</param>
/// <param name="Command">The command line, for the record.</param>
/// <param name="Resume">What happens to checkpoints that are there.</param>
/// <param name="Fence">A file whose existence means that another worker has taken the trial over; null for none.</param>
/// <param name="SourcesFolder">Folder that keeps what was changed in the program's sources; null for the run's own.</param>
public sealed record TrialOptions(
    string Device = "auto", int? Threads = null, long? MaxSteps = null, string Command = "", ResumeMode Resume = ResumeMode.Auto, string? Fence = null,
    string? SourcesFolder = null);

/// <summary>What happens to what an earlier run has left in the directory.</summary>
public enum ResumeMode
{
    /// <summary>The run continues from the newest intact checkpoint; without one it begins. One that has ended stays as it is.</summary>
    Auto,

    /// <summary>The run begins again: the result of one that has ended is set aside, checkpoints and logs of one that has not are removed.</summary>
    Never,

    /// <summary>The run continues; without an intact checkpoint it fails. One that has ended stays as it is.</summary>
    Must,
}

/// <summary>How long a trial will be.</summary>
/// <param name="Epochs">Passes over the training set.</param>
/// <param name="StepsPerEpoch">Updates of a pass.</param>
/// <param name="TotalSteps">Updates in all.</param>
/// <param name="StepsDone">Updates done before, by processes that were interrupted.</param>
/// <param name="StepTimeBefore">Time that those spent in training steps.</param>
/// <param name="Task">What is measured; null for <see cref="TaskRecord.ImageClassification"/>.</param>
public sealed record TrialShape(
    int Epochs, int StepsPerEpoch, long TotalSteps, long StepsDone = 0, TimeSpan StepTimeBefore = default, TaskRecord? Task = null);

/// <summary>What a trial takes from its surroundings.</summary>
/// <param name="Log">Where it tells what it does.</param>
/// <param name="Clock">Tells the time.</param>
/// <param name="Progress">Makes an observer that shows progress; null for none.</param>
public sealed record TrialServices(ILogger Log, TimeProvider Clock, Func<TrialShape, TrainingObserver>? Progress = null);
