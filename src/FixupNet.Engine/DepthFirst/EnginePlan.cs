using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>A block with the sizes of its tensors.</summary>
internal sealed class PlannedBlock(BlockLayers layers, int inHeight, int inWidth)
{
    internal BlockLayers Layers { get; } = layers;

    internal int InHeight { get; } = inHeight;

    internal int InWidth { get; } = inWidth;

    internal int OutHeight { get; } = AfterStride(inHeight, layers.First.Stride);

    internal int OutWidth { get; } = AfterStride(inWidth, layers.First.Stride);

    /// <summary>Whether the shortcut is the identity.</summary>
    internal bool KeepsShape { get; } = layers.First.Stride == 1 && layers.First.InChannels == layers.First.OutChannels && !layers.Shortcut.Exists;

    internal int OutPixels => OutHeight * OutWidth;

    internal long InElements => (long)EnginePlan.Pad(Layers.First.InChannels) * InHeight * InWidth;

    internal long OutElements => (long)EnginePlan.Pad(Layers.Second.OutChannels) * OutHeight * OutWidth;

    /// <summary>Elements an image into the activations: x, ReLU(first(…) + bias1b), the result.</summary>
    internal long Input { get; set; }

    internal long Hidden { get; set; }

    internal long Output { get; set; }

    /// <summary>Shape of every 3×3 convolution with stride 1 of the block.</summary>
    internal TileShape Tiles(int images)
    {
        var channels = EnginePlan.Pad(Layers.Second.OutChannels);
        return new TileShape(images, channels, channels, OutHeight, OutWidth);
    }

    /// <summary>Shape of the first or the shortcut convolution of a block that changes the shape.</summary>
    internal PatchShape Patches(in ConvolutionLayer layer) =>
        new(layer.InChannels, layer.OutChannels, layer.Kernel, layer.Stride, InHeight, InWidth);

    /// <summary>Shape of what is kept of x where there is no shortcut convolution.</summary>
    internal SampleShape Samples(int images) =>
        new(images, Layers.First.InChannels, Layers.Second.OutChannels, InHeight, InWidth, Layers.First.Stride);

    private static int AfterStride(int size, int stride) => (size + stride - 1) / stride;
}

/// <summary>Blocks First to Last, without Last; if recomputed, what lies between input and output is overwritten by the next such segment.</summary>
internal readonly record struct Segment(int First, int Last, bool IsRecomputed);

/// <summary>What a training step computes and where it keeps it, worked out once from the network and the options.</summary>
internal sealed class EnginePlan
{
    private readonly PlannedBlock[] _blocks;
    private readonly List<Segment> _segments = [];

    /// <exception cref="ArgumentException">What the engine cannot train, or options out of range.</exception>
    internal EnginePlan(NetworkLayers network, EngineOptions options)
    {
        Require(options is { Workers: >= 1, ImagesAtOnce: >= 1 }, "workers and images at once must be at least 1");
        SumCount = Math.Min(options.GradientSums ?? options.Workers, options.Workers);
        Require(SumCount >= 1, "gradient sums must be 1 to workers");
        Require(network.Blocks.Count >= 1, "a network needs a block");
        (Network, Options) = (network, options);
        Stem = new StemShape(
            network.Channels, network.Stem.OutChannels, network.Stem.Kernel, network.Stem.Stride, network.Height, network.Width);
        _blocks = PlaceBlocks();
        CutSegments();
        PlaceActivations();
        GradientSlots = new GradientSlots(this);
    }

    internal NetworkLayers Network { get; }

    internal EngineOptions Options { get; }

    internal StemShape Stem { get; }

    internal IReadOnlyList<PlannedBlock> Blocks => _blocks;

    internal IReadOnlyList<Segment> Segments => _segments;

    internal GradientSlots GradientSlots { get; }

    /// <summary>Sums of gradients kept: workers that share one add to it in turn.</summary>
    internal int SumCount { get; }

    /// <summary>Elements an image of what is kept.</summary>
    internal long ActivationElements { get; private set; }

    /// <summary>Elements of one image's largest tensor.</summary>
    internal long LargestActivation { get; private set; }

    /// <summary>Floats of scratch that any kernel needs.</summary>
    internal long ScratchElements { get; private set; }

    /// <summary>Multiply-adds of one image's convolutions, forward and both backward, computed directly; the stem has no backward pass to the image.</summary>
    internal double MultiplyAdds => (2 * MultiplyAddsOf(Network.Stem, Stem.OutPixels)) + (3 * Blocks.Sum(block =>
        MultiplyAddsOf(block.Layers.First, block.OutPixels) + MultiplyAddsOf(block.Layers.Second, block.OutPixels)
        + MultiplyAddsOf(block.Layers.Shortcut, block.OutPixels)));

    /// <summary>Bytes of all workers together, beside the parameters and their gradients.</summary>
    internal long Bytes
    {
        get
        {
            long images = Options.ImagesAtOnce;
            var valueBytes = Options.Precision == ActivationPrecision.BFloat16 ? sizeof(ushort) : sizeof(float);
            // Three gradients of activations and three activations as float32 beside what is kept.
            var values = images * (ActivationElements + (3 * LargestActivation)) * valueBytes;
            var floats = (3 * images * LargestActivation) + ScratchElements;
            var sums = GradientSlots.FirstSumElements + ((SumCount - 1) * GradientSlots.SumElements);
            return (Options.Workers * (values + (floats * sizeof(float)))) + (sums * sizeof(float));
        }
    }

    /// <summary>The next multiple of 16.</summary>
    internal static int Pad(int count) => (count + Products.Block - 1) / Products.Block * Products.Block;

    /// <summary>The next multiple of 16.</summary>
    internal static long Pad(long count) => (count + Products.Block - 1) / Products.Block * Products.Block;

    private static double MultiplyAddsOf(in ConvolutionLayer layer, int pixels) => (double)layer.WeightCount * pixels;

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }

    private static void RequireSupported(BlockLayers block, int index, int channels)
    {
        var where = $"block {index}: ";
        Require(block.First.InChannels == channels, where + "takes other channels than come");
        Require(block.First.Kernel == 3 && block.Second.Kernel == 3, where + "both convolutions must be 3x3");
        Require(block.Second.Stride == 1, where + "only the first convolution may have a stride");
        Require(
            block.Second.InChannels == block.First.OutChannels && block.Second.OutChannels == block.First.OutChannels,
            where + "the second convolution must keep the channels of the first");
        Require(
            !block.Shortcut.Exists || (block.Shortcut.InChannels == block.First.InChannels
                && block.Shortcut.OutChannels == block.Second.OutChannels && block.Shortcut.Stride == block.First.Stride),
            where + "the shortcut does not fit the branch");
    }

    private PlannedBlock[] PlaceBlocks()
    {
        var blocks = new PlannedBlock[Network.Blocks.Count];
        var (channels, height, width) = (Network.Stem.OutChannels, Stem.OutHeight, Stem.OutWidth);
        LargestActivation = (long)Pad(channels) * height * width;
        ScratchElements = Stem.ScratchCount;
        for (var i = 0; i < blocks.Length; i++)
        {
            var layers = Network.Blocks[i];
            RequireSupported(layers, i, channels);
            var block = blocks[i] = new PlannedBlock(layers, height, width);
            (channels, height, width) = (layers.First.OutChannels, block.OutHeight, block.OutWidth);
            LargestActivation = Math.Max(LargestActivation, block.OutElements);
            // Every kernel writes its scratch before it reads it, so one buffer serves all shapes.
            ScratchElements = Math.Max(ScratchElements, WinogradScratch.Count(block.Tiles(Options.ImagesAtOnce)));
            if (block.KeepsShape) continue;
            ScratchElements = Math.Max(ScratchElements, block.Patches(layers.First).ScratchCount);
            if (layers.Shortcut.Exists) ScratchElements = Math.Max(ScratchElements, block.Patches(layers.Shortcut).ScratchCount);
        }
        return blocks;
    }

    private void CutSegments()
    {
        var (count, length) = (_blocks.Length, Math.Max(1, Options.SegmentLength));
        var recomputed = Math.Clamp(Options.RecomputedBlocks, 0, count);
        for (var first = 0; first < recomputed; first += length) _segments.Add(new(first, Math.Min(first + length, recomputed), IsRecomputed: true));
        if (recomputed < count) _segments.Add(new(recomputed, count, IsRecomputed: false));
    }

    private void PlaceActivations()
    {
        // The stem's output comes first.
        long input = 0, shared = 0, kept = (long)Pad(Network.Stem.OutChannels) * Stem.OutPixels;
        foreach (var segment in _segments)
        {
            long inside = 0;
            for (var i = segment.First; i < segment.Last; i++)
            {
                var block = _blocks[i];
                block.Input = input;
                block.Hidden = Take(ref segment.IsRecomputed ? ref inside : ref kept, block.OutElements);
                block.Output = Take(ref segment.IsRecomputed && i + 1 < segment.Last ? ref inside : ref kept, block.OutElements);
                input = block.Output;
            }
            shared = Math.Max(shared, inside);
        }
        // What recomputed segments share lies behind what is kept.
        foreach (var segment in _segments.Where(segment => segment.IsRecomputed))
            for (var i = segment.First; i < segment.Last; i++)
            {
                _blocks[i].Hidden += kept;
                if (i + 1 == segment.Last) continue;
                _blocks[i].Output += kept;
                _blocks[i + 1].Input += kept;
            }
        ActivationElements = kept + shared;
    }

    private static long Take(ref long place, long elements)
    {
        var taken = place;
        place += elements;
        return taken;
    }
}
