using FixupNet.Execution;
using FixupNet.Optimization.GradientTransforms;
using FixupNet.Randomness;
using FixupNet.Training.Data;
using FixupNet.Training.Tasks;

namespace FixupNet.Experiments.Studies;

/// <summary>What a training of a study has otherwise than the trial's own: everything else is as the trial's document says.</summary>
/// <remarks>A pure function of the trial, the study's options and the training's name: a training that was interrupted goes on with it.</remarks>
public sealed record TrainingVariation
{
    /// <summary>Passes over the training set; null for the document's.</summary>
    public int? Epochs { get; init; }

    /// <summary>Updates after which training is left off; null for none. What is measured at the end is not known then.</summary>
    public long? Steps { get; init; }

    /// <summary>Changes of the trial's document, as <c>key=value</c>.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>The images; null for the trial's.</summary>
    public ImageData? Data { get; init; }

    /// <summary>Random streams; null for the trial's.</summary>
    public SeedPlan? Seeds { get; init; }

    /// <summary>Changes the weights that training begins with, after the initialization; null for nothing.</summary>
    public Action<ResidualNetwork>? Start { get; init; }

    /// <summary>Changes gradients after the document's own transforms; null for nothing.</summary>
    public Func<TransformTarget, IGradientTransform>? Transform { get; init; }

    /// <summary>Changes batches, loss or what is measured; null for nothing. Such a training runs in the eager engine, the only one that asks a task.</summary>
    public Func<ITask, ITask>? Task { get; init; }

    /// <summary>Whether each example's right and wrong classifications are recorded, in the eager engine.</summary>
    public bool RecordsExamples { get; init; }

    /// <summary>Whether only the eager engine can train so.</summary>
    internal bool NeedsEagerEngine => Task is not null || RecordsExamples;
}
