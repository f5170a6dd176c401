using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace FixupNet.Models.Layers;

/// <summary>A square convolution without bias. Its weight is 0 until a scheme initializes it, so creating it draws no random numbers.</summary>
public sealed class Convolution : Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly long[] _strides;
    private readonly long[] _padding;

    /// <summary>Creates the layer; padding k/2 keeps the image size at stride 1.</summary>
    /// <param name="inChannels">Channels in, at least 1.</param>
    /// <param name="outChannels">Channels out, at least 1.</param>
    /// <param name="kernelSize">k, odd.</param>
    /// <param name="stride">Stride, at least 1.</param>
    public Convolution(long inChannels, long outChannels, long kernelSize, long stride = 1) : base(nameof(Convolution))
    {
        weight = ParameterFactory.Constant(0.0, outChannels, inChannels, kernelSize, kernelSize);
        _strides = [stride, stride];
        _padding = [kernelSize / 2, kernelSize / 2];
        RegisterComponents();
    }

    /// <summary>Convolves.</summary>
    /// <param name="input">Activations [N,C_in,H,W].</param>
    /// <returns>Activations [N,C_out,⌈H/stride⌉,⌈W/stride⌉].</returns>
    public override Tensor forward(Tensor input) => functional.conv2d(input, weight, null, _strides, _padding);

    /// <summary>Describes the layer.</summary>
    /// <param name="name">Its state-dict path.</param>
    public WeightLayer Describe(string name) => new(name, weight);
}
