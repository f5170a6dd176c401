using FixupNet.Execution;
using FixupNet.Registries;

namespace FixupNet.Architectures;

/// <summary>The CIFAR ResNet of depth 6n+2, dressed by a method.</summary>
/// <remarks>
/// arXiv:1512.03385, Sec. 4.2, and arXiv:1901.09321 in its published code: stages of n basic blocks at w, 2w and 4w channels, zero-padding
/// shortcuts ("option A"). Names and counts of parameters equal the published ones.
/// </remarks>
public sealed class ResNetCifar : GraphNetwork
{
    /// <summary>Builds the network: float32, on the CPU, weights 0 until a scheme initializes them.</summary>
    /// <param name="options">Method, depth and width.</param>
    /// <param name="classCount">K, at least 2.</param>
    /// <param name="images">The images it is made for; null for CIFAR's.</param>
    /// <exception cref="ArgumentException">The options are out of range, or the depth is not 6n+2.</exception>
    public ResNetCifar(ResNetCifarOptions options, int classCount = 10, ImageShape? images = null)
        : base(nameof(ResNetCifar), LayoutOf(options).Dress(options.Method, classCount, images ?? ImageShape.Cifar), images ?? ImageShape.Cifar)
    {
    }

    private static CifarLayout LayoutOf(ResNetCifarOptions options)
    {
        OptionsGuard.Check(options);
        return new CifarLayout(options.Width, options.Width, ResNetCifarOptions.Rule.BlocksPerStage(options.Depth), Projects: false);
    }
}
