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
        Stem = new PlannedStem(network, this);
        _blocks = PlaceBlocks();
        (ClassifierWeights, ClassifierBias) = (
            GradientSlots.Add(network.Head.Weights, (long)network.Head.ClassCount * network.Head.FeatureCount), GradientSlots.Add(network.Head.Bias, network.Head.ClassCount));
        Bias2 = Small.Place(network.Head.Bias2, 1, LayerFactor.One);
        CutSegments();
        PlaceActivations();
    }

    internal NetworkLayers Network { get; }

    internal EngineOptions Options { get; }

    internal PlannedStem Stem { get; }

    internal IReadOnlyList<PlannedBlock> Blocks => _blocks;

    internal IReadOnlyList<Segment> Segments => _segments;

    internal GradientSlots GradientSlots { get; } = new();

    /// <summary>The gradients that are sums over activations.</summary>
    internal SmallGradients Small { get; } = new();

    /// <summary>Where the gradients of the classifier's weights are added up.</summary>
    internal int ClassifierWeights { get; }

    /// <summary>Where those of its biases are.</summary>
    internal int ClassifierBias { get; }

    /// <summary>The place of the bias before the classifier among the small gradients.</summary>
    internal int Bias2 { get; }

    /// <summary>Numbers an image of all statistics of normalizations.</summary>
    internal int StatisticCount { get; private set; }

    /// <summary>Padded channels of the widest tensor.</summary>
    internal int MostChannels { get; private set; }

    /// <summary>Whether a block is computed step by step.</summary>
    internal bool HasSteps => _blocks.Any(block => block is PlannedStepsBlock);

    /// <summary>Sums of gradients kept: workers that share one add to it in turn.</summary>
    internal int SumCount { get; }

    /// <summary>Elements an image of what is kept.</summary>
    internal long ActivationElements { get; private set; }

    /// <summary>Elements of one image's largest tensor.</summary>
    internal long LargestActivation { get; private set; }

    /// <summary>Floats of scratch that any kernel needs.</summary>
    internal long ScratchElements { get; private set; }

    /// <inheritdoc/>
    public double MultiplyAdds => (2.0 * Network.Stem.WeightCount * Stem.Shape.OutPixels) + (3.0 * _blocks.Sum(block => block.MultiplyAdds));

    /// <inheritdoc/>
    public long Bytes
    {
        get
        {
            long images = Options.ImagesAtOnce;
            var valueBytes = Options.Precision == ActivationPrecision.BFloat16 ? sizeof(ushort) : sizeof(float);
            // Three or four tensors of activations and three as float32 beside what is kept.
            var values = images * (ActivationElements + (ValueBuffers * LargestActivation)) * valueBytes;
            var floats = (3 * images * LargestActivation) + ScratchElements + ChannelElements;
            var statistics = images * StatisticCount * sizeof(double);
            var sums = GradientSlots.FirstSumElements + ((SumCount - 1) * GradientSlots.SumElements);
            return (Options.Workers * (values + statistics + (floats * sizeof(float)))) + (sums * sizeof(float)) + Network.Standardized.Sum(weights => weights.Bytes);
        }
    }

    /// <summary>The next multiple of 16.</summary>
    internal static int Pad(int count) => (count + Products.Block - 1) / Products.Block * Products.Block;

    /// <summary>The next multiple of 16.</summary>
    internal static long Pad(long count) => (count + Products.Block - 1) / Products.Block * Products.Block;

    /// <summary>Tensors of activations that a worker has beside those that are kept.</summary>
    internal int ValueBuffers => HasSteps ? 4 : 3;

    /// <summary>Floats of arrays over channels: five of them, and two of float64.</summary>
    internal long ChannelElements => 9L * MostChannels;

    /// <summary>Takes a place for the statistics of an image.</summary>
    internal int TakeStatistics(int count)
    {
        StatisticCount += count;
        return StatisticCount - count;
    }

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
        (LargestActivation, ScratchElements, MostChannels) = (Stem.Elements, Stem.Shape.ScratchCount, Pad(channels));
        for (var i = 0; i < blocks.Length; i++)
        {
            var block = blocks[i] = PlaceBlock(Network.Blocks[i], i, channels, height, width);
            (channels, height, width) = (block.OutChannels, block.OutHeight, block.OutWidth);
            LargestActivation = Math.Max(LargestActivation, block.LargestElements);
            // Every kernel writes its scratch before it reads it, so one buffer serves all shapes.
            ScratchElements = Math.Max(ScratchElements, block.ScratchElements);
            MostChannels = Math.Max(MostChannels, block.MostChannels);
        }
        return blocks;
    }

    private PlannedBlock PlaceBlock(BlockLayers layers, int index, int channels, int height, int width)
    {
        if (layers is StepsBlockLayers steps)
        {
            Require(steps.InChannels == channels, $"block {index}: takes other channels than come");
            return new PlannedStepsBlock(steps, height, width, this);
        }
        var block = new PlannedBasicBlock((BasicBlockLayers)layers, height, width, this);
        block.Shape.RequireSupported(index, channels);
        return block;
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
        // What the stem keeps comes first.
        long input = Stem.Output, shared = 0, kept = Stem.KeptElements;
        foreach (var segment in _segments)
        {
            long inside = 0;
            for (var i = segment.First; i < segment.Last; i++)
            {
                var block = _blocks[i];
                block.Input = input;
                block.Kept = Take(ref segment.IsRecomputed ? ref inside : ref kept, block.KeptElements);
                block.Output = Take(ref segment.IsRecomputed && i + 1 < segment.Last ? ref inside : ref kept, block.OutElements);
                input = block.Output;
            }
            shared = Math.Max(shared, inside);
        }
        // What recomputed segments share lies behind what is kept.
        foreach (var segment in _segments.Where(segment => segment.IsRecomputed))
            for (var i = segment.First; i < segment.Last; i++)
            {
                _blocks[i].Kept += kept;
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
