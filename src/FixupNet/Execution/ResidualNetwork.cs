using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FixupNet.Execution;

/// <summary>A module that is a residual network: base of every model in the zoo.</summary>
/// <param name="name">The module's name.</param>
public abstract class ResidualNetwork(string name) : Module<Tensor, Tensor>(name), IResidualNetwork
{
    /// <inheritdoc/>
    public abstract ResidualTopology Topology { get; }

    /// <summary>The shape of the images that the network is made for: what memory is planned for.</summary>
    public abstract ImageShape InputShape { get; }

    /// <summary>What the network's own random steps draw from; null, the default, where it has none of its own.</summary>
    public virtual DropDraws? Draws => null;

    /// <summary>The network as a chain in forward order: stem, every block, classifier.</summary>
    public abstract IReadOnlyList<NetworkStage> Stages { get; }

    /// <summary>Computes class scores.</summary>
    /// <param name="images">Images [N,C,H,W].</param>
    /// <returns>Logits [N,K].</returns>
    public override Tensor forward(Tensor images) => forward(images, null);

    /// <summary>Computes class scores and tells what each weight layer gives.</summary>
    /// <param name="images">Images [N,C,H,W].</param>
    /// <param name="layerOutput">Called with each weight layer's name and output, right after the layer; it may change the output in place.</param>
    /// <returns>Logits [N,K].</returns>
    /// <exception cref="NotSupportedException">The network has no description of its steps.</exception>
    public virtual Tensor ForwardByLayer(Tensor images, Action<string, Tensor> layerOutput) =>
        throw new NotSupportedException($"{GetName()} does not tell what its layers give.");

    /// <inheritdoc/>
    public virtual Tensor forward(Tensor images, Action<string, Tensor>? blockOutput) => NetworkStage.Run(Stages, images, blockOutput);
}
