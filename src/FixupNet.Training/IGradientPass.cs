using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>How forward and backward pass share out time and memory; the gradients are the same.</summary>
internal interface IGradientPass
{
    /// <summary>Adds to the parameters' gradients those of some images.</summary>
    /// <param name="images">Images [N,C,H,W].</param>
    /// <param name="lossOf">Mean loss [] of logits [N,K].</param>
    /// <param name="share">Factor on the loss whose gradient is added.</param>
    /// <returns>Logits [N,K] and loss [] without the factor, in the caller's dispose scope.</returns>
    (Tensor Logits, Tensor Loss) Run(Tensor images, Func<Tensor, Tensor> lossOf, double share);
}
