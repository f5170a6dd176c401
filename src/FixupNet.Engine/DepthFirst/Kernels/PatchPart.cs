using System.Runtime.CompilerServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Where a call has its patches, its outputs of several images, and its filters.</summary>
internal readonly unsafe struct PatchScratch(in PatchShape shape, float* memory)
{
    internal readonly float* Patches = memory;
    internal readonly float* Outputs = memory + (shape.PatchesAtOnce * (nint)shape.PatchPitch);
    internal readonly float* Filters = memory + (shape.PatchesAtOnce * (nint)(shape.PatchPitch + shape.OutPitch));
}

/// <summary>The outputs whose patches are gathered at once: some pixels of an image, or all of some images, one part after the other.</summary>
internal unsafe struct PatchPart
{
    private readonly PatchShape _shape;
    private readonly int _images;

    /// <param name="shape">The convolution.</param>
    /// <param name="images">Images.</param>
    internal PatchPart(in PatchShape shape, int images)
    {
        (_shape, _images) = (shape, images);
        Take();
    }

    /// <summary>Whether there is anything left.</summary>
    internal readonly bool Exists => FirstImage < _images;

    internal int FirstImage { get; private set; }

    internal int Images { get; private set; }

    /// <summary>The first pixel of each image.</summary>
    internal int First { get; private set; }

    /// <summary>Pixels of each image.</summary>
    internal int CountOfImage { get; private set; }

    /// <summary>Pixels of all of them.</summary>
    internal readonly int Count => Images * CountOfImage;

    internal readonly bool IsOfOneImage => Images == 1;

    /// <summary>Goes on to the next part.</summary>
    internal void Next()
    {
        First += CountOfImage;
        if (First == _shape.OutPixels)
        {
            FirstImage += Images;
            First = 0;
        }
        Take();
    }

    /// <summary>Where the outputs of the first image are.</summary>
    internal readonly nint Place(int block) => (FirstImage * (nint)_shape.OutSize) + ((((nint)block * _shape.OutPixels) + First) * Products.Block);

    /// <summary>Floats from a block of channels to the next: where the outputs are, or of a copy of several images'.</summary>
    internal readonly nint BlockStep => Products.Block * (nint)(IsOfOneImage ? _shape.OutPixels : Count);

    /// <summary>Outputs of some channels, block by block: where they are, or copied there.</summary>
    internal readonly float* Collect(float* outputs, int channel, int channels, float* copy)
    {
        if (IsOfOneImage) return outputs + Place(channel / Products.Block);
        for (var lane = 0; lane < channels; lane += Products.Block)
            for (var image = 0; image < Images; image++)
                Unsafe.CopyBlock(CopyOf(copy, lane, image), outputs + Place((channel + lane) / Products.Block) + (image * (nint)_shape.OutSize), BytesOfImage);
        return copy;
    }

    /// <summary>Copies outputs of some channels, block by block, to where they belong.</summary>
    internal readonly void Spread(float* copy, int channel, int channels, float* outputs)
    {
        for (var lane = 0; lane < channels; lane += Products.Block)
            for (var image = 0; image < Images; image++)
                Unsafe.CopyBlock(outputs + Place((channel + lane) / Products.Block) + (image * (nint)_shape.OutSize), CopyOf(copy, lane, image), BytesOfImage);
    }

    /// <summary>Copies all outputs of each patch side by side.</summary>
    internal readonly void CollectRows(float* outputs, float* rows)
    {
        nint pitch = _shape.OutPitch;
        for (var block = 0; block < _shape.PaddedOut / Products.Block; block++)
            for (var image = 0; image < Images; image++)
            {
                float* from = outputs + Place(block) + (image * (nint)_shape.OutSize), to = rows + (image * CountOfImage * pitch) + (block * Products.Block);
                for (nint i = 0; i < CountOfImage; i++) Unsafe.CopyBlock(to + (i * pitch), from + (i * Products.Block), Products.Block * sizeof(float));
            }
    }

    private readonly uint BytesOfImage => (uint)CountOfImage * Products.Block * sizeof(float);

    private readonly float* CopyOf(float* copy, int lane, int image) => copy + (lane * (nint)Count) + (image * CountOfImage * Products.Block);

    private void Take()
    {
        Images = Math.Min(_shape.ImagesAtOnce, _images - FirstImage);
        CountOfImage = Math.Min(_shape.PatchesAtOnce, _shape.OutPixels - First);
    }
}
