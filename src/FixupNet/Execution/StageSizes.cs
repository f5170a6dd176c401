using FixupNet.Residual;
using static TorchSharp.torch;

namespace FixupNet.Execution;

/// <summary>How large the tensors of a stage of a network are, for one image.</summary>
/// <param name="Output">Elements of its output; 0 for the logits, which are too small to count.</param>
/// <param name="Kept">Elements of each tensor kept for the backward pass, the output included.</param>
/// <param name="Made">Elements of each tensor that is there at the stage's end without a backward pass: what came in, and all that was computed.</param>
/// <param name="Unfolded">Elements of the largest matrix that a convolution without <see cref="OneDnn"/> copies what its filters see into.</param>
public sealed record StageSize(long Output, IReadOnlyList<long> Kept, IReadOnlyList<long> Made, long Unfolded = 0);

/// <summary>How large the activations of each stage of a network are, for one image of the shape that the network is made for.</summary>
public static class StageSizes
{
    /// <summary>The name of the stage between the two sides of a network that has sides.</summary>
    internal const string Middle = "middle";

    // What a module computes is not known: as much as a basic block.
    private const int TensorsOfModule = 6;

    /// <summary>The sizes by the stage's name.</summary>
    /// <param name="network">The network; it is looked at by its steps, or where it has none by a forward pass of one image that leaves no trace.</param>
    public static IReadOnlyDictionary<string, StageSize> Of(ResidualNetwork network)
    {
        var topology = network.Topology;
        return topology.StemSteps.Count > 0 ? OfSteps(topology, network) : OfForwardPass(network);
    }

    private static Dictionary<string, StageSize> OfSteps(ResidualTopology topology, ResidualNetwork network)
    {
        var memory = new KeptMemory(network.InputShape);
        var sizes = new Dictionary<string, StageSize> { [network.Stages[0].Name] = memory.Stem(topology.StemSteps) };
        foreach (var branch in topology.Branches.Where(branch => branch.Side != NetworkSide.Decoder)) sizes[branch.Name] = memory.Branch(branch);
        if (topology.MiddleSteps.Count > 0) sizes[Middle] = WithMemory(memory.Stem(topology.MiddleSteps));
        foreach (var branch in topology.Branches.Where(branch => branch.Side == NetworkSide.Decoder)) sizes[branch.Name] = WithMemory(memory.Branch(branch));
        sizes[network.Stages[^1].Name] = new StageSize(0, [], []);
        return sizes;
    }

    // What the encoder gave, as large as the output, goes along with it.
    private static StageSize WithMemory(StageSize words) => new(2 * words.Output, [.. words.Kept, words.Output], [.. words.Made, words.Output]);

    private static Dictionary<string, StageSize> OfForwardPass(ResidualNetwork network)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var wasTraining = network.training;
        network.eval();
        var sizes = network.Stages.ToDictionary(stage => stage.Name, _ => new StageSize(0, [], []));
        var kept = network.Stages.ToDictionary(stage => stage.Name, stage => stage.KeptOutputs);
        var (input, weight) = (network.InputShape, network.Topology.Classifier.Weight);
        var image = zeros([1, input.Channels, input.Height, input.Width], weight.dtype, weight.device);
        network.forward(image, (name, output) => sizes[name] = new(
            output.numel(), [.. Enumerable.Repeat(output.numel(), kept[name])], [.. Enumerable.Repeat(output.numel(), TensorsOfModule)]));
        network.train(wasTraining);
        return sizes;
    }
}
