using FixupNet.Residual;
using static TorchSharp.torch;

namespace FixupNet.Execution;

/// <summary>How large the output of each stage of a network is, for one image of the shape that the network is made for.</summary>
public static class StageSizes
{
    /// <summary>Elements of each stage's output by the stage's name; logits, which are too small to count, have no entry.</summary>
    /// <param name="network">The network; it is looked at by its steps, or where it has none by a forward pass of one image that leaves no trace.</param>
    public static IReadOnlyDictionary<string, long> Of(ResidualNetwork network)
    {
        var topology = network.Topology;
        return topology.StemSteps.Count > 0 ? OfSteps(topology, network.InputShape) : OfForwardPass(network);
    }

    private static Dictionary<string, long> OfSteps(ResidualTopology topology, ImageShape images)
    {
        var outputs = new Dictionary<string, long>();
        var (channels, height, width) = ((long)images.Channels, (long)images.Height, (long)images.Width);
        Follow("stem", topology.StemSteps);
        foreach (var branch in topology.Branches) Follow(branch.Name, branch.Steps);
        return outputs;

        void Follow(string name, IReadOnlyList<Step> steps)
        {
            foreach (var step in steps.OfType<ConvolveStep>())
            {
                channels = step.Conv.Weight.shape[0];
                (height, width) = ((height + step.Stride - 1) / step.Stride, (width + step.Stride - 1) / step.Stride);
            }
            outputs[name] = channels * height * width;
        }
    }

    private static Dictionary<string, long> OfForwardPass(ResidualNetwork network)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var wasTraining = network.training;
        network.eval();
        var outputs = new Dictionary<string, long>();
        var (input, weight) = (network.InputShape, network.Topology.Classifier.Weight);
        var image = zeros([1, input.Channels, input.Height, input.Width], weight.dtype, weight.device);
        network.forward(image, (name, output) => outputs[name] = output.numel());
        network.train(wasTraining);
        return outputs;
    }
}
