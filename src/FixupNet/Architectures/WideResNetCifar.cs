using FixupNet.Execution;
using FixupNet.Registries;

namespace FixupNet.Architectures;

/// <summary>The CIFAR wide ResNet of depth 6n+4 and widening factor k, dressed by a method.</summary>
/// <remarks>
/// After arXiv:1605.07146: stem of 16 channels, stages of n basic blocks at 16k, 32k and 64k, 1×1 convolutions on the shortcuts that
/// change shape. With 10 = 6·1+4, 100, 1000 and 10,000 layers and k = 1 it has the depths of arXiv:1901.09321, Fig. 3. Deviations and
/// choices: fixup, batchnorm and plain take the post-activation block of <see cref="ResNetCifar"/>, not the pre-activation one of the paper, and there
/// is no dropout. The depth counts stem, 6n block convolutions and three shortcut convolutions as that paper does; with k = 1 the first stage
/// needs no shortcut convolution, but the name keeps the convention. The fixup shortcut convolves x + bias1a, as Fixup's ImageNet basic
/// block does. Shortcut names: "downsample.weight"; with a normalization "downsample.0.weight" and "downsample.1.*".
/// </remarks>
public sealed class WideResNetCifar : GraphNetwork
{
    /// <summary>Builds the network: float32, on the CPU, weights 0 until a scheme initializes them.</summary>
    /// <param name="options">Method, depth and widening factor.</param>
    /// <param name="classCount">K, at least 2.</param>
    /// <param name="images">The images it is made for; null for CIFAR's.</param>
    /// <exception cref="ArgumentException">The options are out of range, or the depth is not 6n+4.</exception>
    public WideResNetCifar(WideResNetCifarOptions options, int classCount = 10, ImageShape? images = null)
        : base(nameof(WideResNetCifar), LayoutOf(options).Dress(options.Method, classCount, images ?? ImageShape.Cifar), images ?? ImageShape.Cifar)
    {
    }

    private static CifarLayout LayoutOf(WideResNetCifarOptions options)
    {
        OptionsGuard.Check(options);
        return new CifarLayout(
            StemChannels: 16, 16 * options.WidenFactor, WideResNetCifarOptions.Rule.BlocksPerStage(options.Depth), Projects: true);
    }
}
