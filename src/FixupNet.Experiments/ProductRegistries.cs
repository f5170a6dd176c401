using FixupNet.Architectures;
using FixupNet.Experiments.Checks;
using FixupNet.Experiments.Configuration;
using FixupNet.Initialization;
using FixupNet.Methods;
using FixupNet.Optimization;
using FixupNet.Schedules;
using FixupNet.Training.Data;

namespace FixupNet.Experiments;

/// <summary>Every named choice this product offers; a program with entries of its own takes these and more.</summary>
public static class ProductRegistries
{
    /// <summary>The registries, as the configuration needs them.</summary>
    public static ConfigRegistries All { get; } = new(
        Datasets: Datasets.All,
        Models: ModelZoo.All,
        Methods: MethodZoo.All,
        Initializations: InitializationSchemes.All,
        Optimizers: OptimizerRegistry.All,
        Schedules: ScheduleRegistry.All)
    {
        DocumentChecks = [new TaskCheck(), new SentenceCheck(), new ExampleCountCheck(), new BatchSizeCheck(), new WarmupCheck(), new EngineCheck()],
        StartChecks = [new DatasetFilesCheck(), new StartingWeightsCheck(), new InitializationCheck(), new MachineCheck()],
    };
}
