using FixupNet.Execution;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Initialization;
using FixupNet.Randomness;
using FixupNet.Training;
using FixupNet.Training.Checkpoints;
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
    /// <param name="batches">The training images; null where the scheme does not look at them.</param>
    /// <param name="initialized">Called between the two.</param>
    /// <exception cref="ConfigException">The scheme cannot initialize this network.</exception>
    /// <exception cref="InvalidDataException">The weights are not those of this network.</exception>
    internal static void Initialize(
        ResidualNetwork network, TrainConfig config, SeedPlan seeds, BatchPipeline? batches, Action<ResidualNetwork>? initialized = null)
    {
        var (name, scheme) = SchemeOf(config);
        // Drawn on the CPU: the same seed gives the same weights on every device.
        using var generator = new Generator(seeds.Initialization(), CPU);
        if (scheme.Needs == SchemeNeeds.Parameters) scheme.Initialize(network.Topology, generator);
        else Compute(network, config, (name, scheme), generator, batches!);
        initialized?.Invoke(network);
        if (config.Initialization.Weights is { } weights) ModelWeights.Import(network, weights);
    }

    /// <summary>The same on the CPU; the dataset is read only where the scheme looks at it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="config">The configuration.</param>
    internal static void Initialize(ResidualNetwork network, TrainConfig config)
    {
        var seeds = new SeedPlan(config.Seed);
        using var batches = Computes(config)
            ? TrialAssembly.BatchesOf(config, config.Registries.Datasets[config.Dataset.Name].Load(config.Dataset.Options), CPU, seeds)
            : null;
        Initialize(network, config, seeds, batches);
    }

    private static void Compute(
        ResidualNetwork network, TrainConfig config, (string Name, IInitializationScheme Scheme) chosen, Generator generator, BatchPipeline batches)
    {
        if (chosen.Scheme.Needs == SchemeNeeds.Gradients && StepCosts.WrongGradients(network) is { } wrong) throw new DeviceNotAvailableException(wrong);
        SchemeSample Draw(int index, int count)
        {
            var batch = batches.Initial(index, count);
            return new SchemeSample(batch.Images, batch.Labels);
        }
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
