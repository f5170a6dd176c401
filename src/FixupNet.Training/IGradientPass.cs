using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>How forward and backward pass share out time and memory; the gradients are the same.</summary>
internal interface IGradientPass
{
    /// <summary>Adds to the parameters' gradients those of some examples.</summary>
    /// <param name="input">What the network takes of some examples.</param>
    /// <param name="lossOf">Mean loss [] of outputs.</param>
    /// <param name="share">Factor on the loss whose gradient is added.</param>
    /// <returns>Outputs and loss [] without the factor, in the caller's dispose scope.</returns>
    (Tensor Outputs, Tensor Loss) Run(Tensor input, Func<Tensor, Tensor> lossOf, double share);
}
