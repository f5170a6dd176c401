using FixupNet.Execution;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Initialization;
using FixupNet.Randomness;
using FixupNet.Training.Checkpoints;
using FixupNet.Training.Tasks;
using static TorchSharp.torch;

namespace FixupNet.Experiments.Trials;

/// <summary>Gives a network the weights that a configuration starts from.</summary>
internal static class StartingNetwork
{
    /// <summary>The scheme that a configuration names, or that its method has by default.</summary>
    internal static (string Name, IInitializationScheme Scheme) SchemeOf(TrainConfig config)
    {
        if (config.Initialization.Scheme is { } section) return (section.Name, (IInitializationScheme)section.Options);
        var name = config.Registries.Models[config.Model.Name].DefaultInitialization(config.Model.Options);
        return (name, config.Registries.Initializations[name].Scheme);
    }

    /// <summary>Whether the initialization computes the network.</summary>
    internal static bool Computes(TrainConfig config) => SchemeOf(config).Scheme.Needs != SchemeNeeds.Parameters;

    /// <summary>Initializes a network, then loads the weights that it is to start from, if there are any.</summary>
    /// <param name="network">The network, where it trains.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="seeds">The run's random streams.</param>
    /// <param name="task">Where training examples come from; null where the scheme does not look at them.</param>
    /// <param name="initialized">Called between the two.</param>
    /// <exception cref="ConfigException">The scheme cannot initialize this network.</exception>
    /// <exception cref="InvalidDataException">The weights are not those of this network.</exception>
    internal static void Initialize(
        ResidualNetwork network, TrainConfig config, SeedPlan seeds, ITask? task, Action<ResidualNetwork>? initialized = null)
    {
        var (name, scheme) = SchemeOf(config);
        // Drawn on the CPU: the same seed gives the same weights on every device.
        using var generator = new Generator(seeds.Initialization(), CPU);
        if (scheme.Needs == SchemeNeeds.Parameters) scheme.Initialize(network.Topology, generator);
        else Compute(network, config, (name, scheme), generator, task!);
        initialized?.Invoke(network);
        if (config.Initialization.Weights is { } weights) ModelWeights.Import(network, weights);
    }

    /// <summary>The same on the CPU; the dataset is read only where the scheme looks at it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="config">The configuration.</param>
    internal static void Initialize(ResidualNetwork network, TrainConfig config)
    {
        var seeds = new SeedPlan(config.Seed);
        using var task = Computes(config) ? TrialAssembly.TaskOf(config, CPU, seeds) : null;
        Initialize(network, config, seeds, task);
    }

    private static void Compute(
        ResidualNetwork network, TrainConfig config, (string Name, IInitializationScheme Scheme) chosen, Generator generator, ITask task)
    {
        if (chosen.Scheme.Needs == SchemeNeeds.Gradients && StepCosts.WrongGradients(network) is { } wrong) throw new DeviceNotAvailableException(wrong);
        SchemeSample Draw(int index, int count) =>
            task.Sample(index, count) ?? throw new SchemeFailedException($"It needs examples with classes, which the task \"{config.Task.Name}\" does not give.");
        try
        {
            chosen.Scheme.Initialize(network, generator, Draw);
        }
        catch (SchemeFailedException error)
        {
            throw new ConfigException([new ConfigError(
                config.Name, null, "initialization.name", $"is \"{chosen.Name}\", which cannot initialize this network. {error.Message}")]);
        }
    }
}
