using FixupNet.Engine;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Trials;

namespace FixupNet.Experiments.Checks;

/// <summary>Engine, precision and micro-batches suit each other and the method, whatever the machine.</summary>
internal sealed class EngineCheck : IDocumentCheck
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Sections => ["task", "model", "optimizer", "training", "regularization", "gradientTransforms"];

    /// <inheritdoc/>
    public object? Subject(TrainConfig config)
    {
        var training = config.Training;
        var isPlain = training is { Engine: TrainingEngine.Auto or TrainingEngine.Eager, Precision: not Precision.BFloat16, MicroBatchSize: null };
        return isPlain ? null : (config.Model, training.Engine, training.Precision, training.MicroBatchSize, training.BatchSize, CudaGraphs.WhyNot(config), config.Regularization.Drops.IsActive);
    }

    /// <inheritdoc/>
    public IEnumerable<DocumentProblem> Find(TrainConfig config)
    {
        var training = config.Training;
        if (training is { Engine: TrainingEngine.Eager, Precision: Precision.BFloat16 })
            yield return new("training.precision", "is \"bfloat16\", which the engine \"eager\" does not have. Use \"float32\", or the engine \"auto\".");
        if (training is { Engine: TrainingEngine.DepthFirst, Precision: Precision.Float64 })
            yield return new("training.precision", "is \"float64\", which the engine \"depth-first\" does not have. Use \"float32\" or \"bfloat16\", or the engine \"auto\".");
        if (training.Engine == TrainingEngine.CudaGraph && CudaGraphs.WhyNot(config) is { } whyNot)
            yield return new("training.engine", $"is \"cuda-graph\", which cannot make these steps: {whyNot}. Use \"auto\" or \"eager\".");
        if (training.Engine == TrainingEngine.DepthFirst && config.Regularization.Drops.IsActive)
            yield return new("training.engine", "is \"depth-first\", which has neither dropout nor stochastic depth. Use \"auto\" or \"eager\".");
        else if (training.Engine == TrainingEngine.DepthFirst && WhyNotDepthFirst(config) is { } problem)
            yield return new("training.engine", $"is \"depth-first\", which cannot train this network: {problem}. Use \"auto\" or \"eager\".");
        if (!UsesBatchStatistics(config)) yield break;
        // Batch statistics of parts are not those of the whole: the accumulated gradient would be another network's.
        if (training.MicroBatchSize < training.BatchSize)
            yield return new(
                "training.microBatchSize",
                $"is {training.MicroBatchSize}; must be null for a network with batch normalization, whose statistics need the whole batch of {training.BatchSize}.");
    }

    /// <summary>Why the depth-first engine cannot train the network of a configuration, whatever its depth; null where it can.</summary>
    internal static string? WhyNotDepthFirst(TrainConfig config)
    {
        if (config.WhyNotEngines is { } whyNot) return whyNot;
        if (config.Regularization.Drops.IsActive) return "it has neither dropout nor stochastic depth";
        var model = config.Registries.Models[config.Model.Name];
        using var network = model.Create(model.Shallow(config.Model.Options), classCount: 2);
        return DepthFirstEngine.WhyNot(network);
    }

    /// <summary>Whether a batch's images see each other in the network of a configuration.</summary>
    internal static bool UsesBatchStatistics(TrainConfig config) =>
        config.Registries.Models[config.Model.Name].MethodOf(config.Model.Options).UsesBatchStatistics;
}
