using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.DepthFirst;

/// <summary>Blocks First to Last, without Last; if recomputed, what lies between input and output is overwritten by the next such segment.</summary>
internal readonly record struct Segment(int First, int Last, bool IsRecomputed);

/// <summary>What a training step computes and where it keeps it, worked out once from the network and the options.</summary>
internal sealed class EnginePlan : IEnginePlan
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
            network.Stem.InChannels, network.Stem.OutChannels, network.Stem.Kernel, network.Stem.Stride, network.Height, network.Width);
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

    /// <inheritdoc/>
    public double MultiplyAdds => MultiplyAddsOf(Network.Stem, Stem, Blocks);

    /// <inheritdoc/>
    public long Bytes
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

    /// <summary>Multiply-adds of one image's convolutions; the stem has no backward pass to the image.</summary>
    internal static double MultiplyAddsOf(in ConvolutionLayer stem, in StemShape shape, IEnumerable<BlockShape> blocks) =>
        (2.0 * stem.WeightCount * shape.OutPixels) + (3.0 * blocks.Sum(block => block.OutPixels * (double)(block.First.WeightCount + block.Second.WeightCount + block.Shortcut.WeightCount)));

    /// <inheritdoc/>
    public ITrainingTeam CreateTeam(VectorWidth vectors) =>
        Options.Precision == ActivationPrecision.BFloat16 ? new TrainingTeam<BFloat16>(this, vectors) : new TrainingTeam<Float32>(this, vectors);

    internal static void Require(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
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
            var block = blocks[i] = new PlannedBlock(layers, height, width);
            block.RequireSupported(i, channels);
            (channels, height, width) = (layers.First.OutChannels, block.OutHeight, block.OutWidth);
            LargestActivation = Math.Max(LargestActivation, block.OutElements);
            // Every kernel writes its scratch before it reads it, so one buffer serves all shapes.
            ScratchElements = Math.Max(ScratchElements, block.ScratchElements);
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
