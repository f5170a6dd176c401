using FixupNet.Models.Layers;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Convolution = FixupNet.Models.Layers.Convolution;

namespace FixupNet.Models.Blocks;

/// <summary>Fixup's basic block: two 3×3 convolutions, four scalar biases, one scalar multiplier, ReLU after the sum.</summary>
/// <remarks>
/// arXiv:1901.09321, Fig. 1, in the published code's form: y = ReLU(scale·conv2(ReLU(conv1(u) + bias1b) + bias2a) + bias2b + s) with
/// u = x + bias1a; the shortcut s is x itself where the shape stays, and is computed from u where it changes.
/// </remarks>
public sealed class FixupBasicBlock : ResidualBlock
{
    private readonly Parameter bias1a;
    private readonly Convolution conv1;
    private readonly Parameter bias1b;
    private readonly Parameter bias2a;
    private readonly Convolution conv2;
    private readonly Parameter scale;
    private readonly Parameter bias2b;
    private readonly Module<Tensor, Tensor>? downsample;

    /// <summary>Creates the block: scalar biases 0, multiplier 1, weights 0 until a scheme initializes them.</summary>
    /// <param name="shape">Its outer shape.</param>
    public FixupBasicBlock(BlockShape shape) : base(nameof(FixupBasicBlock), shape)
    {
        bias1a = ParameterFactory.Constant(0.0, 1);
        conv1 = new Convolution(shape.InChannels, shape.OutChannels, kernelSize: 3, shape.Stride);
        bias1b = ParameterFactory.Constant(0.0, 1);
        bias2a = ParameterFactory.Constant(0.0, 1);
        conv2 = new Convolution(shape.OutChannels, shape.OutChannels, kernelSize: 3);
        scale = ParameterFactory.Constant(1.0, 1);
        bias2b = ParameterFactory.Constant(0.0, 1);
        downsample = ShapeShortcut.Create(shape);
        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <remarks>The inputs of both convolutions, the output of the first, the factor of the multiplier, the sum.</remarks>
    public override int KeptOutputs => 5;

    /// <inheritdoc/>
    public override ResidualBranch Describe(string name) => new(
        name,
        [conv1.Describe($"{name}.conv1"), conv2.Describe($"{name}.conv2")],
        ShapeShortcut.Describe(downsample, $"{name}.downsample"),
        scale,
        [bias1a, bias1b, bias2a, bias2b]);

    /// <summary>Computes the block.</summary>
    /// <param name="input">Activations [N,C_in,H,W].</param>
    /// <returns>Fresh tensor [N,C_out,⌈H/stride⌉,⌈W/stride⌉].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var shifted = input + bias1a;
        // In place where backward does not need the value before: every pass over memory counts.
        var hidden = conv1.call(shifted).add_(bias1b).relu_();
        var residual = (conv2.call(hidden + bias2a) * scale).add_(bias2b);
        var shortcut = ShapeShortcut.Apply(downsample, downsample is null ? input : shifted, Shape.OutChannels);
        return residual.add_(shortcut).relu_().MoveToOuterDisposeScope();
    }
}
