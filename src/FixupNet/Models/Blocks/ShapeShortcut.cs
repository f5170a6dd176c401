using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Convolution = FixupNet.Models.Layers.Convolution;

namespace FixupNet.Models.Blocks;

/// <summary>The shortcut of blocks that change their input's shape: sub-sampling or a projection, then zero channels where some are missing.</summary>
internal static class ShapeShortcut
{
    /// <summary>The module on the shortcut: none where the shape stays, pooling for option A, a 1×1 convolution for option B.</summary>
    internal static Module<Tensor, Tensor>? Create(BlockShape shape)
    {
        if (shape.KeepsShape) return null;
        return shape.Shortcut == ShortcutKind.ZeroPad
            ? AvgPool2d(kernel_size: 1L, stride: shape.Stride)
            : new Convolution(shape.InChannels, shape.OutChannels, kernelSize: 1, shape.Stride);
    }

    /// <summary>The same followed by normalization of the channels it gives, as "0" and "1".</summary>
    internal static Sequential? CreateNormalized(BlockShape shape)
    {
        var channels = shape.Shortcut == ShortcutKind.ZeroPad ? shape.InChannels : shape.OutChannels;
        return Create(shape) is { } shortcut ? Sequential(("0", shortcut), ("1", BatchNorm2d(channels))) : null;
    }

    /// <summary>The weight layer of a shortcut module, if it is a projection.</summary>
    internal static WeightLayer? Describe(object? shortcut, string name) => (shortcut as Convolution)?.Describe(name);

    /// <summary>The block's input as its sum needs it.</summary>
    /// <param name="shortcut">The shortcut module, or null.</param>
    /// <param name="input">Activations [N,C_in,H,W].</param>
    /// <param name="channelCount">Channels of the sum.</param>
    /// <returns>Activations [N,channelCount,⌈H/stride⌉,⌈W/stride⌉]; the input itself where there is no module.</returns>
    internal static Tensor Apply(Module<Tensor, Tensor>? shortcut, Tensor input, long channelCount)
    {
        if (shortcut is null) return input;
        var sampled = shortcut.call(input);
        var missing = channelCount - sampled.shape[1];
        return missing == 0 ? sampled : functional.pad(sampled, [0L, 0L, 0L, 0L, 0L, missing]);
    }
}
