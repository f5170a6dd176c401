using FixupNet.Execution;
using FixupNet.Methods;
using FixupNet.Registries;
using FixupNet.Residual;

namespace FixupNet.Architectures;

/// <summary>The ImageNet ResNet of 18 to 200 layers, dressed by a method.</summary>
/// <remarks>
/// arXiv:1512.03385, Table 1, and arXiv:1603.05027 for 200 layers, in the form that both published codes have: 7×7 stem of stride 2 and 3×3 max pooling
/// of stride 2, four stages of basic blocks (two 3×3) or bottlenecks (1×1, 3×3 with the stride, 1×1 of four times the channels), projections where
/// the shape changes, global average pooling. State-dict names are those of the code published with Fixup for fixup, and torchvision's for batchnorm.
/// Images may have any size.
/// </remarks>
public sealed class ResNetImageNet : GraphNetwork
{
    /// <summary>From this depth on blocks are bottlenecks.</summary>
    internal const int LeastBottleneckDepth = 50;

    private const int Expansion = 4;

    /// <summary>Blocks of the four stages by depth.</summary>
    internal static readonly IReadOnlyDictionary<int, int[]> BlocksOf = new Dictionary<int, int[]>
    {
        [18] = [2, 2, 2, 2],
        [34] = [3, 4, 6, 3],
        [50] = [3, 4, 6, 3],
        [101] = [3, 4, 23, 3],
        [152] = [3, 8, 36, 3],
        [200] = [3, 24, 36, 3],
    };

    /// <summary>Builds the network: float32, on the CPU, weights 0 until a scheme initializes them.</summary>
    /// <param name="options">Method, depth and width.</param>
    /// <param name="classCount">K, at least 2.</param>
    /// <param name="images">The images it is made for; null for ImageNet's, 3×224×224.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public ResNetImageNet(ResNetImageNetOptions options, int classCount = 1000, ImageShape? images = null)
        : base(nameof(ResNetImageNet), Dress(options, classCount, images ?? ImageShape.ImageNet), images ?? ImageShape.ImageNet)
    {
    }

    private static ResidualTopology Dress(ResNetImageNetOptions options, int classCount, ImageShape images)
    {
        OptionsGuard.Check(options);
        return options.Method.Dress(
            new BareLayer("conv1", images.Channels, options.Width, Kernel: 7, Stride: 2), [new MaxPoolStep(Kernel: 3, Stride: 2)], [.. Branches(options)], "fc", classCount);
    }

    private static IEnumerable<BareBranch> Branches(ResNetImageNetOptions options)
    {
        var blocks = BlocksOf[options.Depth];
        var (index, before) = (0, options.Width);
        for (var stage = 0; stage < blocks.Length; stage++)
        {
            var channels = options.Width << stage;
            var after = options.IsBottleneck ? channels * Expansion : channels;
            for (var i = 0; i < blocks[stage]; i++)
            {
                var stride = i == 0 && stage > 0 ? 2 : 1;
                IReadOnlyList<BareLayer> layers = options.IsBottleneck
                    ? [new("conv1", before, channels, Kernel: 1), new("conv2", channels, channels, Kernel: 3, stride), new("conv3", channels, after, Kernel: 1)]
                    : [new("conv1", before, channels, Kernel: 3, stride), new("conv2", channels, channels, Kernel: 3)];
                yield return new BareBranch($"layer{stage + 1}.{i}", layers, Projects: true, index++, blocks.Sum(), i, stage == 0 ? 0 : blocks[stage - 1]);
                before = after;
            }
        }
    }
}
