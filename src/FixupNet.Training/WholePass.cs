using FixupNet.Execution;
using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>One forward pass that keeps all that one backward pass needs.</summary>
internal sealed class WholePass(ResidualNetwork network) : IGradientPass
{
    /// <inheritdoc/>
    public (Tensor Outputs, Tensor Loss) Run(Tensor input, Func<Tensor, Tensor> lossOf, double share)
    {
        var outputs = network.call(input);
        var loss = lossOf(outputs);
        (loss * share).backward();
        return (outputs, loss);
    }
}
