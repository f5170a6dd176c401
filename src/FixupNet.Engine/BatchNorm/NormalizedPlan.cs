using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>A block with the places of its tensors, in elements an image.</summary>
internal sealed class PlannedNormalizedBlock(NormalizedBlockLayers layers, int inHeight, int inWidth)
    : BlockShape(layers.First, layers.Second, layers.Shortcut, inHeight, inWidth)
{
    internal NormalizedBlockLayers Layers { get; } = layers;

    /// <summary>Where x is.</summary>
    internal long Input { get; init; }

    /// <summary>Where first(x) is, before it is normalized.</summary>
    internal long FirstRaw { get; init; }

    /// <summary>Where second(…) is.</summary>
    internal long SecondRaw { get; init; }

    /// <summary>Where the shortcut is, if it changes the shape.</summary>
    internal long ShortcutRaw { get; init; }

    /// <summary>Where the result is.</summary>
    internal long Output { get; init; }

    /// <summary>Which of two buffers holds the gradient of the result; a block that changes the shape writes that of x into the other.</summary>
    internal int GradientBuffer { get; set; }

    internal int InputGradientBuffer => KeepsShape ? GradientBuffer : 1 - GradientBuffer;

    internal int OutBlocks => EnginePlan.Pad(Second.OutChannels) / Products.Block;
}

/// <summary>What a step with batch normalization computes and where it keeps it: the whole batch at three tensors a block, and little beside it.</summary>
internal sealed class NormalizedPlan : IEnginePlan
{
    // What is between two statistics goes through some images at a time: so many floats of a tensor, of which three and a convolution's
    // scratch stay in a second-level cache.
    private const long PartElements = 64 * 1024;

    private readonly PlannedNormalizedBlock[] _blocks;
    private long _activations;

    /// <exception cref="ArgumentException">What the engine cannot train, or options out of range.</exception>
    internal NormalizedPlan(NormalizedLayers network, EngineOptions options)
    {
        EnginePlan.Require(options is { Workers: >= 1, ImagesAtOnce: >= 1 }, "workers and images at once must be at least 1");
        EnginePlan.Require(options.Precision == ActivationPrecision.Float32, $"{DepthFirstEngine.WhyNotPrecision(usesBatchStatistics: true, options.Precision)}");
        EnginePlan.Require(options.RecomputedBlocks == 0, "with batch normalization no block can be computed again");
        EnginePlan.Require(network.Blocks.Count >= 1, "a network needs a block");
        (Network, Options) = (network, options);
        Stem = new StemShape(network.Stem.InChannels, network.Stem.OutChannels, network.Stem.Kernel, network.Stem.Stride, network.Height, network.Width);
        StemRaw = Take(StemElements);
        _blocks = PlaceBlocks();
        PlaceGradients();
        ScratchElements = Math.Max(Stem.ScratchCount, _blocks.Max(block => block.ScratchElements));
        FilterElements = _blocks.Max(block => WinogradScratch.FilterCount(block.Tiles(1)));
    }

    internal NormalizedLayers Network { get; }

    internal EngineOptions Options { get; }

    internal StemShape Stem { get; }

    internal IReadOnlyList<PlannedNormalizedBlock> Blocks => _blocks;

    /// <summary>The most images of a batch.</summary>
    internal int Capacity => Options.ImagesAtOnce;

    /// <summary>Where the stem's convolution is, before it is normalized.</summary>
    internal long StemRaw { get; }

    /// <summary>Elements of an image after the stem.</summary>
    internal long StemElements => (long)Stem.PaddedOut * Stem.OutPixels;

    /// <summary>Elements an image of what is kept.</summary>
    internal long ActivationElements => _activations;

    /// <summary>Elements an image of each of the two buffers of gradients, and of that inside a branch.</summary>
    internal (long First, long Second, long Inner) GradientElements { get; private set; }

    /// <summary>Elements of a part of the batch.</summary>
    internal long LargestPart => Math.Max(PartElements, Math.Max(StemElements, _blocks.Max(block => block.InElements)));

    /// <summary>Floats of scratch that any kernel needs.</summary>
    internal long ScratchElements { get; }

    /// <summary>Floats of the transformed weights of any convolution.</summary>
    internal long FilterElements { get; }

    /// <summary>Floats of the gradients of the weights of all parts, for even and for odd phases.</summary>
    internal long PartialElements => Math.Max(
        _blocks.Max(block => Parts(LargerElements(block), Capacity) * Math.Max(GradientSlot.PackedCount(block.Second), GradientSlot.PackedCount(block.First) + block.Shortcut.WeightCount)),
        Math.Max(
            Parts(StemElements, Capacity) * Network.Stem.WeightCount,
            Parts(_blocks[^1].OutElements, Capacity) * (long)Network.Head.ClassCount * (Network.Head.FeatureCount + 1)));

    /// <summary>Numbers of the sums over channels of all parts.</summary>
    internal long MomentElements => Math.Max(
        2L * Stem.PaddedOut * Parts(StemElements, Capacity),
        _blocks.Max(block => 2L * Products.Block * block.OutBlocks * Parts(LargerElements(block), Capacity)));

    /// <summary>Floats of all normalizations.</summary>
    internal long NormElements => Normalizer.ArrayCount * ((long)Stem.PaddedOut + _blocks.Sum(block => (block.KeepsShape ? 2L : 3L) * Products.Block * block.OutBlocks));

    /// <inheritdoc/>
    public double MultiplyAdds => EnginePlan.MultiplyAddsOf(Network.Stem, Stem, Blocks);

    /// <inheritdoc/>
    public long Bytes
    {
        get
        {
            var gradients = GradientElements.First + GradientElements.Second + GradientElements.Inner;
            var worker = (3 * LargestPart) + ScratchElements + FilterElements;
            return sizeof(float) * ((Capacity * (ActivationElements + gradients)) + (Options.Workers * worker) + (2 * PartialElements) + NormElements + (4 * MomentElements));
        }
    }

    /// <inheritdoc/>
    public ITrainingTeam CreateTeam(VectorWidth vectors) => new NormalizedTeam(this, vectors);

    /// <summary>Into how many parts a batch is cut where an image has so many elements; as long as that is enough for all workers, they do not change it.</summary>
    internal int Parts(long elements, int images)
    {
        var most = Math.Clamp(PartElements / elements, 1, images);
        return Math.Max((int)((images + most - 1) / most), Math.Min(images, Options.Workers));
    }

    /// <summary>Elements of the larger of a block's tensors.</summary>
    internal static long LargerElements(PlannedNormalizedBlock block) => Math.Max(block.InElements, block.OutElements);

    private PlannedNormalizedBlock[] PlaceBlocks()
    {
        var blocks = new PlannedNormalizedBlock[Network.Blocks.Count];
        var (channels, height, width, input) = (Network.Stem.OutChannels, Stem.OutHeight, Stem.OutWidth, Take(StemElements));
        for (var i = 0; i < blocks.Length; i++)
        {
            var layers = Network.Blocks[i];
            var shape = new BlockShape(layers.First, layers.Second, layers.Shortcut, height, width);
            shape.RequireSupported(i, channels);
            var block = blocks[i] = new PlannedNormalizedBlock(layers, height, width)
            {
                Input = input,
                FirstRaw = Take(shape.OutElements),
                SecondRaw = Take(shape.OutElements),
                ShortcutRaw = shape.KeepsShape ? 0 : Take(shape.OutElements),
                Output = Take(shape.OutElements),
            };
            (channels, height, width, input) = (layers.First.OutChannels, block.OutHeight, block.OutWidth, block.Output);
        }
        return blocks;
    }

    private void PlaceGradients()
    {
        var (sizes, buffer) = (new long[2], 0);
        foreach (var block in Enumerable.Reverse(_blocks))
        {
            block.GradientBuffer = buffer;
            sizes[buffer] = Math.Max(sizes[buffer], block.OutElements);
            buffer = block.InputGradientBuffer;
            sizes[buffer] = Math.Max(sizes[buffer], block.InElements);
        }
        GradientElements = (sizes[0], sizes[1], _blocks.Max(block => block.OutElements));
    }

    private long Take(long elements)
    {
        var taken = _activations;
        _activations += elements;
        return taken;
    }
}
