using System.ComponentModel;

namespace FixupNet.Experiments.Configuration;

/// <summary>What is kept of the network.</summary>
/// <param name="FinalWeights">Whether the weights are saved at the end; default on.</param>
public sealed record CheckpointConfig(
    [property: Description("Save the weights at the end of training.")] bool FinalWeights = true);
