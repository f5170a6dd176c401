using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Convolution = FixupNet.Models.Layers.Convolution;

namespace FixupNet.Models.Blocks;

/// <summary>The basic block with nothing but convolutions: y = ReLU(conv2(ReLU(conv1(x))) + s). Positively homogeneous of degree 1.</summary>
public sealed class PlainBasicBlock : ResidualBlock
{
    private readonly Convolution conv1;
    private readonly Convolution conv2;
    private readonly Module<Tensor, Tensor>? downsample;

    /// <summary>Creates the block; weights are 0 until a scheme initializes them.</summary>
    /// <param name="shape">Its outer shape.</param>
    public PlainBasicBlock(BlockShape shape) : base(nameof(PlainBasicBlock), shape)
    {
        conv1 = new Convolution(shape.InChannels, shape.OutChannels, kernelSize: 3, shape.Stride);
        conv2 = new Convolution(shape.OutChannels, shape.OutChannels, kernelSize: 3);
        downsample = ShapeShortcut.Create(shape);
        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <remarks>What the second convolution took, the sum.</remarks>
    public override int KeptOutputs => 2;

    /// <inheritdoc/>
    public override ResidualBranch Describe(string name) => new(
        name,
        [conv1.Describe($"{name}.conv1"), conv2.Describe($"{name}.conv2")],
        ShapeShortcut.Describe(downsample, $"{name}.downsample"));

    /// <summary>Computes the block.</summary>
    /// <param name="input">Activations [N,C_in,H,W].</param>
    /// <returns>Fresh tensor [N,C_out,⌈H/stride⌉,⌈W/stride⌉].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var residual = conv2.call(conv1.call(input).relu_());
        var shortcut = ShapeShortcut.Apply(downsample, input, Shape.OutChannels);
        return residual.add_(shortcut).relu_().MoveToOuterDisposeScope();
    }
}
