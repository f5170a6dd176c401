using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>What a step with batch normalization computes and where it keeps it: the whole batch at one tensor a convolution and one a block, and little beside it.</summary>
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
        HasPool = network.Pool.Exists;
        Pool = new PoolShape(Stem.PaddedOut / Products.Block, HasPool ? network.Pool.Kernel : 1, HasPool ? network.Pool.Stride : 1, Stem.OutHeight, Stem.OutWidth);
        StemRaw = Take(StemElements);
        _blocks = PlaceBlocks();
        PlaceGradients();
        ScratchElements = Math.Max(Stem.ScratchCount, _blocks.Max(block => block.ScratchElements));
        FilterElements = _blocks.Max(block => block.FilterElements);
    }

    internal NormalizedLayers Network { get; }

    internal EngineOptions Options { get; }

    internal StemShape Stem { get; }

    /// <summary>Max pooling after the stem.</summary>
    internal PoolShape Pool { get; }

    internal bool HasPool { get; }

    internal IReadOnlyList<PlannedNormalizedBlock> Blocks => _blocks;

    /// <summary>The most images of a batch.</summary>
    internal int Capacity => Options.ImagesAtOnce;

    /// <summary>Where the stem's convolution is, before it is normalized.</summary>
    internal long StemRaw { get; }

    /// <summary>Elements of an image after the stem.</summary>
    internal long StemElements => (long)Stem.PaddedOut * Stem.OutPixels;

    /// <summary>Shape of what the stem's normalization takes.</summary>
    internal NormShape StemShape(int images) => new(images, Pool.Blocks, Stem.OutPixels);

    /// <summary>Elements an image of what is kept.</summary>
    internal long ActivationElements => _activations;

    /// <summary>Elements an image of each of the two buffers of gradients, and of the two inside a branch.</summary>
    internal (long First, long Second, long InnerFirst, long InnerSecond) GradientElements { get; private set; }


    /// <summary>Elements of a part of the batch.</summary>
    internal long LargestPart => Math.Max(Math.Max(PartElements, StemElements), _blocks.Max(block => Math.Max(block.LargestElements, Math.Min(block.MostWeights, Capacity * block.LargestElements))));

    /// <summary>Floats of scratch that any kernel needs.</summary>
    internal long ScratchElements { get; }

    /// <summary>Floats of the transformed weights of any convolution.</summary>
    internal long FilterElements { get; }

    /// <summary>Floats of the gradients of the weights of all parts, for even and for odd phases.</summary>
    internal long PartialElements => Math.Max(
        Enumerable.Range(0, _blocks.Length).Max(LargestPartials),
        Math.Max(
            Parts(StemElements, Capacity) * Network.Stem.WeightCount,
            Parts(_blocks[^1].OutElements, Capacity) * (long)Network.Head.ClassCount * (Network.Head.FeatureCount + 1)));

    /// <summary>Numbers of the sums over channels of all parts.</summary>
    internal long MomentElements =>
        2L * Math.Max(Stem.PaddedOut, _blocks.Max(block => block.Convolutions.Max(layer => EnginePlan.Pad(layer.Convolution.Layer.OutChannels))))
        * Math.Max(Parts(StemElements, Capacity), _blocks.Max(block => Parts(Math.Max(block.LargestElements, block.OutElements), Capacity)));

    /// <summary>Floats of all normalizations.</summary>
    internal long NormElements => Normalizer.ArrayCount * (Stem.PaddedOut + _blocks.Sum(block => block.NormChannels));

    /// <inheritdoc/>
    public double MultiplyAdds => (2.0 * Network.Stem.WeightCount * Stem.OutPixels) + (3.0 * _blocks.Sum(block => block.MultiplyAdds));

    /// <inheritdoc/>
    public long Bytes
    {
        get
        {
            var (first, second, innerFirst, innerSecond) = GradientElements;
            var gradients = first + second + innerFirst + innerSecond;
            var worker = (3 * LargestPart) + ScratchElements + FilterElements;
            return sizeof(float) * ((Capacity * (ActivationElements + gradients)) + (Options.Workers * worker) + (2 * PartialElements) + NormElements + (4 * MomentElements));
        }
    }

    /// <inheritdoc/>
    public ITrainingTeam CreateTeam(VectorWidth vectors) => new NormalizedTeam(this, vectors);

    /// <summary>Into how many parts a batch is cut where an image has so many elements; as long as that is enough for all workers, they do not change it.</summary>
    /// <param name="elements">Elements of an image.</param>
    /// <param name="images">Images.</param>
    /// <param name="weightCount">Weights that every part reads, and whose gradients it has of its own: where they are many, parts are larger.</param>
    internal int Parts(long elements, int images, long weightCount = 0)
    {
        var most = Math.Clamp(Math.Max(PartElements, weightCount) / elements, 1, images);
        return Math.Max((int)((images + most - 1) / most), Math.Min(images, Options.Workers));
    }

    /// <summary>Elements of the larger of a convolution's tensors: what decides how many images are a part.</summary>
    internal static long PartElementsOf(PlannedConvolution convolution) => Math.Max(convolution.InElements, convolution.OutElements);

    private long LargestPartials(int index)
    {
        var block = _blocks[index];
        var first = PartialCount(block.Convolutions[0].Convolution) + EnginePlan.Pad(block.Layers.Shortcut.WeightCount);
        return block.Convolutions.Skip(1).Select(layer => Parts(PartElementsOf(layer.Convolution), Capacity, layer.Convolution.Layer.WeightCount) * PartialCount(layer.Convolution))
            .Append(Parts(FirstPartElements(index), Capacity, block.FirstWeights) * first).Max();
    }

    /// <summary>Elements of the largest tensor of a phase that computes a block's first convolution, its shortcut, and pooling before the first block.</summary>
    internal long FirstPartElements(int index) =>
        Math.Max(index == 0 && HasPool ? StemElements : 0, Math.Max(PartElementsOf(_blocks[index].Convolutions[0].Convolution), _blocks[index].OutElements));

    /// <summary>Floats of a part's gradients of weights.</summary>
    internal static long PartialCount(PlannedConvolution convolution) =>
        convolution.IsTiled ? GradientSlot.PackedCount(convolution.Layer) : EnginePlan.Pad(convolution.Layer.WeightCount);

    private PlannedNormalizedBlock[] PlaceBlocks()
    {
        var blocks = new PlannedNormalizedBlock[Network.Blocks.Count];
        var (channels, height, width) = (Network.Stem.OutChannels, Pool.OutHeight, Pool.OutWidth);
        var input = Take((long)Stem.PaddedOut * height * width);
        for (var i = 0; i < blocks.Length; i++)
        {
            EnginePlan.Require(Network.Blocks[i].InChannels == channels, $"block {i}: takes other channels than come");
            var block = blocks[i] = new PlannedNormalizedBlock(Network.Blocks[i], height, width, input, Take);
            (channels, height, width, input) = (block.Layers.OutChannels, block.OutHeight, block.OutWidth, block.Output);
        }
        return blocks;
    }

    private void PlaceGradients()
    {
        var (sizes, inner, buffer) = (new long[2], new long[2], 0);
        foreach (var block in Enumerable.Reverse(_blocks))
        {
            block.GradientBuffer = buffer;
            sizes[buffer] = Math.Max(sizes[buffer], block.OutElements);
            buffer = block.InputGradientBuffer;
            sizes[buffer] = Math.Max(sizes[buffer], block.InElements);
            for (var i = 0; i + 1 < block.Convolutions.Count; i++) inner[i % 2] = Math.Max(inner[i % 2], block.Convolutions[i].Convolution.OutElements);
        }
        if (HasPool) inner[1] = Math.Max(inner[1], StemElements);
        GradientElements = (sizes[0], sizes[1], inner[0], inner[1]);
    }

    private long Take(long elements)
    {
        var taken = _activations;
        _activations += elements;
        return taken;
    }
}
