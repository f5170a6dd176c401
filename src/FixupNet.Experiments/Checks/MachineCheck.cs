using FixupNet.Engine;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Trials;

namespace FixupNet.Experiments.Checks;

/// <summary>This machine has the engine and the precision that are asked for.</summary>
internal sealed class MachineCheck : IStartCheck
{
    /// <inheritdoc/>
    public bool ConcernsContinuedRuns => true;

    /// <inheritdoc/>
    public object? Subject(TrainConfig config)
    {
        var training = config.Training;
        var isPlain = training is { Engine: TrainingEngine.Auto or TrainingEngine.Eager, Precision: not Precision.BFloat16 };
        return isPlain ? null : (config.Model, training.Engine, training.Precision, CudaGraphs.WhyNot(config), config.Regularization.Drops.IsActive);
    }

    /// <inheritdoc/>
    public IEnumerable<DocumentProblem> Find(TrainConfig config, string device)
    {
        var whyNotDepthFirst = EngineCheck.WhyNotDepthFirst(config)
            ?? DepthFirstEngine.WhyNotPrecision(EngineCheck.UsesBatchStatistics(config), DepthFirstPlanner.PrecisionOf(config.Training.Precision));
        return EngineProblem.Of(config, ComputeDevice.Of(device), whyNotDepthFirst) is { } problem ? [problem with { Kind = ProblemKind.Unavailable }] : [];
    }
}
