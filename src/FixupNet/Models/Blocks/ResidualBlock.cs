using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FixupNet.Models.Blocks;

/// <summary>A block that maps [N,C_in,H,W] to [N,C_out,H/stride,W/stride] and describes its branch.</summary>
public abstract class ResidualBlock : Module<Tensor, Tensor>
{
    private protected ResidualBlock(string name, BlockShape shape) : base(name) => Shape = shape;

    /// <summary>The outer shape.</summary>
    public BlockShape Shape { get; }

    /// <summary>What a forward pass with gradients keeps for the backward pass, in tensors of the size of the output, the output included.</summary>
    public abstract int KeptOutputs { get; }

    /// <summary>Creates the basic block of a variant.</summary>
    /// <param name="variant">What bounds its signal.</param>
    /// <param name="shape">Its outer shape.</param>
    public static ResidualBlock Create(ResidualVariant variant, BlockShape shape) => variant switch
    {
        ResidualVariant.Fixup => new FixupBasicBlock(shape),
        ResidualVariant.BatchNorm => new NormBasicBlock(shape),
        ResidualVariant.Plain => new PlainBasicBlock(shape),
        _ => throw new ArgumentOutOfRangeException(nameof(variant), variant, "Unknown variant."),
    };

    /// <summary>Describes the branch, with the parameters as they are now.</summary>
    /// <param name="name">The block's state-dict path, such as "layer1.0".</param>
    public abstract ResidualBranch Describe(string name);
}
