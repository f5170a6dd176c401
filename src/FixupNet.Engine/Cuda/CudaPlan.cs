using FixupNet.Engine.Cuda.Interop;
using FixupNet.Engine.Steps;
using FixupNet.Execution;
using FixupNet.Residual;
using static TorchSharp.torch;

namespace FixupNet.Engine.Cuda;

/// <summary>What of a network this project's kernels compute on a card, and how much memory a step takes; known before the card is touched.</summary>
public static class CudaPlan
{
    // Kernels' code, libraries' workspaces.
    private const long RuntimeBytes = 512L << 20;

    // Of a number that dropout draws, three of them at once while it is made.
    private const int DrawnBytes = 3 * sizeof(long);

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
        var elementSize = network.Topology.Classifier.Weight.element_size();
        // Automatic differentiation keeps what it cast beside what it cast it from.
        var keptSize = options.BFloat16 ? elementSize + 2 : elementSize;
        var sizes = StageSizes.Of(network);
        long Elements(NetworkStage stage) => options.MicroBatchSize * sizes[stage.Name].Output;
        long Output(NetworkStage stage) => Elements(stage) * elementSize;
        long Kept(NetworkStage stage) => options.MicroBatchSize * sizes[stage.Name].Kept.Sum() * keptSize;

        var bytes = RuntimeBytes + (DropMask.StepsOf(network.Topology).Any(step => step.Of == DroppedPart.Elements) ? DrawnBytes * network.Stages.Max(Elements) : 0);
        foreach (var (stages, fused) in SegmentsOf(network, imageSide, options))
        {
            if (fused.Count > 0)
            {
                bytes += stages.Zip(fused).Sum(item => FusedRun.BytesOfBlock(Elements(item.First), item.Second.Channels));
                continue;
            }
            var parts = PartsOf(stages, options);
            bytes += parts.SkipLast(1).Sum(part => Output(part[^1])) + parts.Max(part => part.Sum(Kept));
        }
        return bytes;
    }

    /// <summary>Cuts a network where the way of computing changes, in forward order.</summary>
    /// <returns>The stages of each segment and, where this project's kernels compute it, their blocks, all of one shape; else none.</returns>
    internal static IEnumerable<(IReadOnlyList<NetworkStage> Stages, IReadOnlyList<FusableBlock> Fused)> SegmentsOf(
        ResidualNetwork network, int imageSide, CudaEngineOptions options)
    {
        var fusable = FusableBlocks(network, imageSide, options);
        (int, int)? ShapeOf(NetworkStage stage) => fusable.TryGetValue(stage.Name, out var block) ? (block.Channels, block.Side) : null;
        for (var start = 0; start < network.Stages.Count;)
        {
            var shape = ShapeOf(network.Stages[start]);
            IReadOnlyList<NetworkStage> stages = [.. network.Stages.Skip(start).TakeWhile(stage => ShapeOf(stage) == shape)];
            yield return (stages, shape is null ? [] : [.. stages.Select(stage => fusable[stage.Name])]);
            start += stages.Count;
        }
    }

    /// <summary>The parts of a segment of libtorch's operators: all but the last are computed again in the backward pass.</summary>
    internal static IReadOnlyList<IReadOnlyList<NetworkStage>> PartsOf(IReadOnlyList<NetworkStage> stages, CudaEngineOptions options) =>
        options.Recompute ? Segmentation.Of(stages) : [stages];

    // By their names.
    private static Dictionary<string, FusableBlock> FusableBlocks(ResidualNetwork network, int imageSide, CudaEngineOptions options)
    {
        var known = new Dictionary<string, FusableBlock>();
        if (!options.Fused || !options.BFloat16) return known;
        // The kernels take the signs of what comes in for the mask of the ReLU before.
        var (side, isPositive) = (imageSide, EndsWithRelu(network.Topology.StemSteps));
        foreach (var branch in network.Topology.Branches)
        {
            var block = BasicBlock.Match(branch);
            if (block is { ChangesShape: false, Stride: 1 } && isPositive && CudaMethods.fixupnet_cuda_has_shape(block.OutChannels, side, side) != 0)
                known[branch.Name] = new FusableBlock(block, block.OutChannels, side);
            isPositive = EndsWithRelu(branch.AfterSum);
            side = branch.Steps.OfType<ConvolveStep>().Aggregate(side, (size, step) => (size + step.Stride - 1) / step.Stride);
        }
        return known;
    }

    private static bool EndsWithRelu(IReadOnlyList<Step> steps) => steps.Count > 0 && steps[^1] is ReluStep { Gain: 1 };
}

/// <summary>A block that this project's kernels compute.</summary>
/// <param name="Block">Its layers.</param>
/// <param name="Channels">Of its input and output.</param>
/// <param name="Side">Their height and width.</param>
internal sealed record FusableBlock(BasicBlock Block, int Channels, int Side);
