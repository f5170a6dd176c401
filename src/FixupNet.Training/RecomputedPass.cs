using FixupNet.Execution;
using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>A forward pass that keeps little, and a backward pass that computes the rest again: see <see cref="RecomputedChain"/>.</summary>
internal sealed class RecomputedPass(ResidualNetwork network) : IGradientPass
{
    /// <inheritdoc/>
    public (Tensor Outputs, Tensor Loss) Run(Tensor input, Func<Tensor, Tensor> lossOf, double share)
    {
        var chain = new RecomputedChain(network, Segmentation.Of(network.Stages));
        var outputs = chain.Forward(input);
        var loss = lossOf(outputs);
        (loss * share).backward();
        chain.Backward();
        return (outputs, loss);
    }
}
