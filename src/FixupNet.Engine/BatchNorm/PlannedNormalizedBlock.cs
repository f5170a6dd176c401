using FixupNet.Engine.DepthFirst;
using FixupNet.Engine.DepthFirst.Kernels;

namespace FixupNet.Engine.BatchNorm;

/// <summary>A convolution with what normalizes it, and where its result is before that.</summary>
internal sealed record PlannedNormalizedLayer(PlannedConvolution Convolution, NormMemory Norm, long Raw);

/// <summary>A block with the places of its tensors, in elements an image.</summary>
internal sealed class PlannedNormalizedBlock
{
    private readonly int _inHeight, _inWidth;

    /// <param name="layers">The block.</param>
    /// <param name="inHeight">Height of its input.</param>
    /// <param name="inWidth">Width of its input.</param>
    /// <param name="input">Where that is.</param>
    /// <param name="take">Gives so many elements a place.</param>
    internal PlannedNormalizedBlock(NormalizedBlockLayers layers, int inHeight, int inWidth, long input, Func<long, long> take)
    {
        (Layers, Input, _inHeight, _inWidth) = (layers, input, inHeight, inWidth);
        var (height, width, planned) = (inHeight, inWidth, new List<PlannedNormalizedLayer>());
        foreach (var (layer, norm) in layers.Layers)
        {
            var convolution = new PlannedConvolution(layer, height, width, mayTile: planned.Count > 0 || layers.KeepsShape);
            planned.Add(new PlannedNormalizedLayer(convolution, norm, take(convolution.OutElements)));
            (height, width) = (convolution.OutHeight, convolution.OutWidth);
        }
        (Convolutions, OutHeight, OutWidth) = (planned, height, width);
        if (layers.Shortcut.Exists) Shortcut = new PlannedConvolution(layers.Shortcut, inHeight, inWidth, mayTile: false);
        ShortcutRaw = layers.KeepsShape ? 0 : take(OutElements);
        Output = take(OutElements);
    }

    internal NormalizedBlockLayers Layers { get; }

    /// <summary>The convolutions of the branch.</summary>
    internal IReadOnlyList<PlannedNormalizedLayer> Convolutions { get; }

    /// <summary>The convolution on the shortcut, if there is one.</summary>
    internal PlannedConvolution? Shortcut { get; }

    /// <summary>Where x is.</summary>
    internal long Input { get; }

    /// <summary>Where the shortcut is, if it changes the shape.</summary>
    internal long ShortcutRaw { get; }

    /// <summary>Where the result is.</summary>
    internal long Output { get; }

    /// <summary>Which of two buffers holds the gradient of the result; a block that changes the shape writes that of x into the other.</summary>
    internal int GradientBuffer { get; set; }

    internal int InputGradientBuffer => KeepsShape ? GradientBuffer : 1 - GradientBuffer;

    internal bool KeepsShape => Layers.KeepsShape;

    internal int OutHeight { get; }

    internal int OutWidth { get; }

    internal int InPixels => _inHeight * _inWidth;

    internal int OutPixels => OutHeight * OutWidth;

    internal long InElements => Convolutions[0].Convolution.InElements;

    internal long OutElements => Convolutions[^1].Convolution.OutElements;

    /// <summary>Elements of the largest of its tensors.</summary>
    internal long LargestElements => Convolutions.Max(layer => Math.Max(layer.Convolution.InElements, layer.Convolution.OutElements));

    /// <summary>Weights of the first convolution and the shortcut together.</summary>
    internal long FirstWeights => Convolutions[0].Convolution.Layer.WeightCount + Layers.Shortcut.WeightCount;

    /// <summary>The most weights that a phase meets.</summary>
    internal long MostWeights => Math.Max(FirstWeights, Convolutions.Max(layer => layer.Convolution.Layer.WeightCount));

    /// <summary>Floats of scratch that any of its kernels needs.</summary>
    internal long ScratchElements => All.Max(convolution => convolution.ScratchElements);

    /// <summary>Floats of the transformed weights of any of its convolutions.</summary>
    internal long FilterElements => Convolutions.Max(layer => layer.Convolution.FilterElements);

    /// <summary>Multiply-adds of an image, forward, computed directly.</summary>
    internal double MultiplyAdds => All.Sum(convolution => convolution.MultiplyAdds);

    /// <summary>Padded channels of all its normalizations together.</summary>
    internal long NormChannels => Convolutions.Sum(layer => (long)EnginePlan.Pad(layer.Convolution.Layer.OutChannels)) + (KeepsShape ? 0 : EnginePlan.Pad(Layers.OutChannels));

    /// <summary>Shape of what sampling keeps of x where there is no shortcut convolution.</summary>
    internal SampleShape Samples(int images) => new(images, Layers.InChannels, Layers.OutChannels, _inHeight, _inWidth, Layers.Stride);

    /// <summary>Shape of the result.</summary>
    internal NormShape OutShape(int images) => Convolutions[^1].Convolution.OutShape(images);

    private IEnumerable<PlannedConvolution> All
    {
        get
        {
            var branch = Convolutions.Select(layer => layer.Convolution);
            return Shortcut is null ? branch : branch.Append(Shortcut);
        }
    }
}
