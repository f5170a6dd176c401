using static TorchSharp.torch;

namespace FixupNet.Residual;

/// <summary>A network that describes its residual structure and lets its blocks be watched.</summary>
public interface IResidualNetwork
{
    /// <summary>The structure, made of the parameters as they are now.</summary>
    ResidualTopology Topology { get; }

    /// <summary>Computes class scores.</summary>
    /// <param name="images">Images [N,C,H,W].</param>
    /// <param name="blockOutput">
    /// Called in forward order with each block's name and output [N,C,H,W], the stem first. The tensor belongs to the network and is
    /// disposed when the next block has used it: read it during the call, or clone it.
    /// </param>
    /// <returns>Logits [N,K].</returns>
    Tensor forward(Tensor images, Action<string, Tensor>? blockOutput);
}
