using FixupNet.Engine.Cuda.Interop;
using FixupNet.Models;
using FixupNet.Models.Architectures;
using FixupNet.Models.Blocks;
using FixupNet.Residual;
using static TorchSharp.torch;

namespace FixupNet.Engine.Cuda;

/// <summary>What of a network this project's kernels compute on a card, and how much memory a step takes; known before the card is touched.</summary>
public static class CudaPlan
{
    // Kernels' code, libraries' workspaces.
    private const long RuntimeBytes = 512L << 20;

    /// <summary>How many blocks of a network this project's kernels would compute.</summary>
    /// <param name="network">The network.</param>
    /// <param name="imageSide">Height and width of the images.</param>
    /// <param name="options">How steps are computed.</param>
    public static int FusedBlockCount(ResidualNetwork network, int imageSide, CudaEngineOptions options) => FusableBlocks(network, imageSide, options).Count;

    /// <summary>About how much of the card's memory a step takes beside parameters, gradients and momentum, in bytes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="imageSide">Height and width of the images.</param>
    /// <param name="options">How steps are computed.</param>
    public static long PredictBytes(ResidualNetwork network, int imageSide, CudaEngineOptions options)
    {
        if (network is not CifarResidualNetwork cifar) return RuntimeBytes;
        var fusable = FusableBlocks(network, imageSide, options);
        var elementSize = network.Topology.Classifier.Weight.element_size();
        var bytes = RuntimeBytes;
        foreach (var (name, block, side) in BlocksOf(cifar, imageSide))
        {
            var elements = (long)options.MicroBatchSize * side * side * block.Shape.OutChannels;
            // Automatic differentiation keeps what it cast beside what it cast it from.
            bytes += fusable.ContainsKey(name)
                ? FusedRun.BytesOfBlock(elements, block.Shape.OutChannels)
                : elements * block.KeptOutputs * (options.BFloat16 ? elementSize + 2 : elementSize);
        }
        return bytes;
    }

    /// <summary>The blocks that this project's kernels compute, by their names.</summary>
    internal static Dictionary<string, FusableBlock> FusableBlocks(ResidualNetwork network, int imageSide, CudaEngineOptions options)
    {
        var known = new Dictionary<string, FusableBlock>();
        if (!options.Fused || !options.BFloat16 || network is not CifarResidualNetwork cifar) return known;
        foreach (var (name, block, side) in BlocksOf(cifar, imageSide))
        {
            if (!FusedBlock.Knows(block) || CudaMethods.fixupnet_cuda_has_shape((int)block.Shape.OutChannels, side, side) == 0) continue;
            known[name] = new FusableBlock(block.Describe(name), (int)block.Shape.OutChannels, side);
        }
        return known;
    }

    // With height and width of what each gives.
    private static IEnumerable<(string Name, ResidualBlock Block, int Side)> BlocksOf(CifarResidualNetwork network, int imageSide)
    {
        var side = imageSide;
        foreach (var (name, block) in network.Blocks)
        {
            side = (int)((side + block.Shape.Stride - 1) / block.Shape.Stride);
            yield return (name, block, side);
        }
    }
}

/// <summary>A block that this project's kernels compute.</summary>
/// <param name="Branch">Its branch.</param>
/// <param name="Channels">Of its input and output.</param>
/// <param name="Side">Their height and width.</param>
internal sealed record FusableBlock(ResidualBranch Branch, int Channels, int Side);
