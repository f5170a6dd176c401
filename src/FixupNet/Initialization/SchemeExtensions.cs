using FixupNet.Execution;
using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Initialization;

/// <summary>Initializes networks in one call.</summary>
public static class SchemeExtensions
{
    /// <summary>Writes every parameter of a topology, of a scheme that needs nothing else.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="topology">The network.</param>
    /// <param name="generator">The only source of randomness.</param>
    /// <exception cref="ArgumentException">The scheme needs a forward pass.</exception>
    public static void Initialize(this IInitializationScheme scheme, ResidualTopology topology, Generator generator) =>
        scheme.Initialize(new InitializationContext(topology, generator));

    /// <summary>Writes every parameter of a network; mode, running statistics and gradients stay as they were.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="network">The network.</param>
    /// <param name="generator">The only source of randomness.</param>
    /// <param name="data">Draws training examples; null for a scheme that needs none.</param>
    /// <exception cref="ArgumentException">The scheme needs training examples.</exception>
    /// <exception cref="SchemeFailedException">This network has no such initialization.</exception>
    public static void Initialize(this IInitializationScheme scheme, ResidualNetwork network, Generator generator, SchemeData? data = null)
    {
        using var statistics = new BufferSnapshot(network);
        var wasTraining = network.training;
        try
        {
            scheme.Initialize(new InitializationContext(network.Topology, generator)
            {
                Data = data,
                Forward = (images, batchStatistics, layerOutput) =>
                {
                    network.train(batchStatistics);
                    return layerOutput is null ? network.forward(images) : network.ForwardByLayer(images, layerOutput);
                },
            });
        }
        finally
        {
            network.train(wasTraining);
        }
    }

    /// <summary>Writes every parameter of a topology, from a seed.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="topology">The network.</param>
    /// <param name="seed">The seed of the generator.</param>
    /// <param name="forward">Computes the network; null for a scheme that needs the parameters alone.</param>
    /// <param name="sample">Training examples: draw i of n takes examples i·n … i·n + n − 1, again from the first after the last. Null for a scheme that needs none.</param>
    /// <exception cref="ArgumentException">The scheme needs a forward pass or examples.</exception>
    /// <exception cref="SchemeFailedException">This network has no such initialization.</exception>
    public static void Apply(
        this IInitializationScheme scheme, ResidualTopology topology, long seed, SchemeForward? forward = null, SchemeSample? sample = null)
    {
        using var generator = new Generator((ulong)seed, CPU);
        scheme.Initialize(new InitializationContext(topology, generator) { Forward = forward, Data = sample is null ? null : DrawsOf(sample) });
    }

    private static SchemeData DrawsOf(SchemeSample sample)
    {
        var exampleCount = sample.Labels.shape[0];
        return (index, count) =>
        {
            using var scope = NewDisposeScope();
            var picked = tensor([.. Enumerable.Range(0, count).Select(i => ((long)index * count + i) % exampleCount)], device: sample.Labels.device);
            return new SchemeSample(
                sample.Images.index_select(0, picked).MoveToOuterDisposeScope(), sample.Labels.index_select(0, picked).MoveToOuterDisposeScope());
        };
    }
}
