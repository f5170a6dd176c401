using FixupNet.Execution;
using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>One forward pass that keeps all that one backward pass needs.</summary>
internal sealed class WholePass(ResidualNetwork network) : IGradientPass
{
    /// <inheritdoc/>
    public (Tensor Logits, Tensor Loss) Run(Tensor images, Func<Tensor, Tensor> lossOf, double share)
    {
        var logits = network.call(images);
        var loss = lossOf(logits);
        (loss * share).backward();
        return (logits, loss);
    }
}
