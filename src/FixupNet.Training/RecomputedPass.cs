using FixupNet.Execution;
using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>A forward pass that keeps little, and a backward pass that computes the rest again: see <see cref="RecomputedChain"/>.</summary>
internal sealed class RecomputedPass(ResidualNetwork network) : IGradientPass
{
    /// <inheritdoc/>
    public (Tensor Logits, Tensor Loss) Run(Tensor images, Func<Tensor, Tensor> lossOf, double share)
    {
        var chain = new RecomputedChain(network, Segmentation.Of(network.Stages));
        var logits = chain.Forward(images);
        var loss = lossOf(logits);
        (loss * share).backward();
        chain.Backward();
        return (logits, loss);
    }
}
