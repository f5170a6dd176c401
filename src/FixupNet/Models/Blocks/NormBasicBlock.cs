using FixupNet.Models.Layers;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Convolution = FixupNet.Models.Layers.Convolution;

namespace FixupNet.Models.Blocks;

/// <summary>The basic block with batch normalization: y = ReLU(bn2(conv2(ReLU(bn1(conv1(x))))) + s), the shortcut s normalized too.</summary>
/// <remarks>arXiv:1512.03385, Sec. 4.2, in the form of the baseline published with Fixup.</remarks>
public sealed class NormBasicBlock : ResidualBlock
{
    private readonly Convolution conv1;
    private readonly BatchNorm2d bn1;
    private readonly Convolution conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;

    /// <summary>Creates the block: weights 0 until a scheme initializes them, gains 1, shifts 0.</summary>
    /// <param name="shape">Its outer shape.</param>
    public NormBasicBlock(BlockShape shape) : base(nameof(NormBasicBlock), shape)
    {
        conv1 = new Convolution(shape.InChannels, shape.OutChannels, kernelSize: 3, shape.Stride);
        bn1 = BatchNorm2d(shape.OutChannels);
        conv2 = new Convolution(shape.OutChannels, shape.OutChannels, kernelSize: 3);
        bn2 = BatchNorm2d(shape.OutChannels);
        downsample = ShapeShortcut.CreateNormalized(shape);
        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <remarks>What both normalizations took, what the second convolution took, the sum.</remarks>
    public override int KeptOutputs => 4;

    /// <inheritdoc/>
    public override ResidualBranch Describe(string name) => new(
        name,
        [conv1.Describe($"{name}.conv1"), conv2.Describe($"{name}.conv2")],
        ShapeShortcut.Describe(downsample?[0], $"{name}.downsample.0"),
        Norms: [bn1.Describe($"{name}.bn1"), bn2.Describe($"{name}.bn2")],
        ShortcutNorm: (downsample?[1] as BatchNorm2d)?.Describe($"{name}.downsample.1"));

    /// <summary>Computes the block.</summary>
    /// <param name="input">Activations [N,C_in,H,W].</param>
    /// <returns>Fresh tensor [N,C_out,⌈H/stride⌉,⌈W/stride⌉].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var hidden = bn1.call(conv1.call(input)).relu_();
        var residual = bn2.call(conv2.call(hidden));
        var shortcut = ShapeShortcut.Apply(downsample, input, Shape.OutChannels);
        return residual.add_(shortcut).relu_().MoveToOuterDisposeScope();
    }
}
