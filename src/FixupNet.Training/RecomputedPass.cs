using FixupNet.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>
/// A forward pass that keeps only what every segment of the network took, then segment by segment, last first, forward again and backward:
/// memory grows with the square root of the depth, for one more forward pass.
/// </summary>
/// <remarks>arXiv:1604.06174. The gradients are those of <see cref="WholePass"/>, for every segment computes the same numbers twice.</remarks>
internal sealed class RecomputedPass(ResidualNetwork network) : IGradientPass
{
    /// <inheritdoc/>
    public (Tensor Logits, Tensor Loss) Run(Tensor images, Func<Tensor, Tensor> lossOf, double share)
    {
        var segments = Segmentation.Of(network.Stages);
        var inputs = InputsOf(segments, images);
        var (logits, loss, gradient) = RunLast(segments[^1], inputs[^1], lossOf, share);
        // The forward pass above has counted in the running statistics what the one below sees again.
        using var statistics = new BufferSnapshot(network);
        for (var i = segments.Count - 2; i >= 0; i--)
        {
            inputs[i + 1].Dispose();
            var next = Backward(segments[i], inputs[i], gradient);
            gradient?.Dispose();
            gradient = next;
        }
        gradient?.Dispose();
        return (logits, loss);
    }

    private static List<Tensor> InputsOf(List<NetworkStage[]> segments, Tensor images)
    {
        using var noGradients = no_grad();
        List<Tensor> inputs = [images];
        foreach (var segment in segments.SkipLast(1)) inputs.Add(NetworkStage.Run(segment, inputs[^1]).requires_grad_());
        return inputs;
    }

    // Nothing has been computed of the last segment yet: its forward pass is the first and only one.
    private static (Tensor Logits, Tensor Loss, Tensor? Gradient) RunLast(
        NetworkStage[] segment, Tensor input, Func<Tensor, Tensor> lossOf, double share)
    {
        var logits = NetworkStage.Run(segment, input);
        var loss = lossOf(logits);
        (loss * share).backward();
        return (logits, loss, input.grad);
    }

    // The images, which the first segment takes, have no gradient.
    private static Tensor? Backward(NetworkStage[] segment, Tensor input, Tensor? outputGradient)
    {
        using var output = NetworkStage.Run(segment, input);
        output.backward([outputGradient!]);
        return input.grad;
    }
}
