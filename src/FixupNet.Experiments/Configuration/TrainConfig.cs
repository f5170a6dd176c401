using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Experiments.Configuration.Schema;
using FixupNet.Registries;
using FixupNet.Runs.Records;
using FixupNet.Training.Tasks;

namespace FixupNet.Experiments.Configuration;

/// <summary>Everything one training run depends on; JSON keys are the parameters' names in camel case, in this order.</summary>
/// <param name="Name">Matches <c>[a-z0-9][a-z0-9.-]{0,63}</c>; becomes part of folder names.</param>
/// <param name="About">One line for people; default empty.</param>
/// <param name="Seed">In [0, 2^53]; default 1.</param>
/// <param name="Task">What to learn; default "image-classification".</param>
/// <param name="Dataset">The images to train on; default "synthetic-shapes".</param>
/// <param name="Augmentation">How training images are varied.</param>
/// <param name="Model">The network; default "resnet-cifar".</param>
/// <param name="Initialization">Where the weights start.</param>
/// <param name="Optimizer">The update rule; default "sgd".</param>
/// <param name="Schedule">The learning rate over time; default "constant".</param>
/// <param name="Training">How long and in which pieces.</param>
/// <param name="Record">What is measured.</param>
/// <param name="Checkpoint">What is kept of the network.</param>
/// <param name="Stop">When training ends early.</param>
/// <param name="Regularization">What keeps a network from learning its examples by heart.</param>
/// <param name="GradientTransforms">What changes gradients before the update, one after the other; null, the default, for nothing.</param>
public sealed record TrainConfig(
    [property: Description("Name of the experiment; part of folder names."), RegularExpression("[a-z0-9][a-z0-9.-]{0,63}", ErrorMessage = TrainConfig.NameMeaning)] string Name,
    [property: Description("One line for people."), DefaultValue("")] string About,
    [property: Description("Seed of every random draw."), Range(0, 9007199254740992.0), DefaultValue(1L)] long Seed,
    [property: Description("What to learn: a name, or an object with it and options."), NamedFrom(RegistryKind.Tasks, "image-classification", allowsNameAlone: true), AddedLater] NamedSection Task,
    [property: Description("What to train on."), NamedFrom(RegistryKind.Datasets, TrainConfig.DefaultDataset)] NamedSection Dataset,
    [property: Description("How training images are varied.")] AugmentationConfig Augmentation,
    [property: Description("The network."), NamedFrom(RegistryKind.Models, "resnet-cifar")] NamedSection Model,
    [property: Description("Where the weights start.")] InitializationConfig Initialization,
    [property: Description("The update rule."), NamedFrom(RegistryKind.Optimizers, "sgd")] NamedSection Optimizer,
    [property: Description("The learning rate over time."), NamedFrom(RegistryKind.Schedules, "constant")] NamedSection Schedule,
    [property: Description("How long to train and in which pieces.")] TrainingConfig Training,
    [property: Description("What is measured.")] RecordConfig Record,
    [property: Description("What is kept of the network.")] CheckpointConfig Checkpoint,
    [property: Description("When training ends early.")] StopConfig Stop,
    [property: Description("What keeps a network from learning its examples by heart."), AddedLater] RegularizationConfig Regularization,
    [property: Description("What changes gradients before the update, one after the other."), NamedFrom(RegistryKind.GradientTransforms), AddedLater]
    IReadOnlyList<NamedSection>? GradientTransforms = null)
{
    /// <summary>Where the names were looked up, and are to be looked up again.</summary>
    public required ConfigRegistries Registries { get; init; }

    /// <summary>The task.</summary>
    internal TaskEntry TaskEntry => Registries.Tasks[Task.Name];

    /// <summary>What is measured, and by which metric the best test is chosen.</summary>
    public TaskRecord TaskRecord => Checkpoint.BestBy is { } bestBy ? TaskEntry.Record with { BestBy = bestBy } : TaskEntry.Record;

    /// <summary>Why no engine but the eager one can learn the task; null where the network decides.</summary>
    internal string? WhyNotEngines => Task.Name == TaskRecord.ImageClassification.Name ? null : $"it learns image classification, and the task is \"{Task.Name}\"";

    internal const string DefaultDataset = "synthetic-shapes";

    internal const string NameMeaning = "must be 1 to 64 lower-case letters, digits, dots and hyphens, a letter or digit first";
}
