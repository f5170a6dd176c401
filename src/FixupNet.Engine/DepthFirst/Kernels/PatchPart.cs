using System.Runtime.CompilerServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Where a call has its patches, its outputs of several images, and its filters.</summary>
internal readonly unsafe struct PatchScratch(in PatchShape shape, float* memory)
{
    internal readonly float* Patches = memory;
    internal readonly float* Outputs = memory + (shape.PatchesAtOnce * (nint)shape.PatchPitch);
    internal readonly float* Filters = memory + (shape.PatchesAtOnce * (nint)(shape.PatchPitch + shape.PaddedOut));
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

    /// <summary>Outputs of a block of channels side by side: where they are, or copied there.</summary>
    internal readonly float* Collect(float* outputs, int block, float* copy)
    {
        if (IsOfOneImage) return outputs + Place(block);
        var bytes = (uint)CountOfImage * Products.Block * sizeof(float);
        for (var image = 0; image < Images; image++)
            Unsafe.CopyBlock(copy + (image * CountOfImage * Products.Block), outputs + Place(block) + (image * (nint)_shape.OutSize), bytes);
        return copy;
    }

    /// <summary>Copies outputs of a block of channels to where they belong.</summary>
    internal readonly void Spread(float* from, int block, float* outputs)
    {
        var bytes = (uint)CountOfImage * Products.Block * sizeof(float);
        for (var image = 0; image < Images; image++)
            Unsafe.CopyBlock(outputs + Place(block) + (image * (nint)_shape.OutSize), from + (image * CountOfImage * Products.Block), bytes);
    }

    private void Take()
    {
        Images = Math.Min(_shape.ImagesAtOnce, _images - FirstImage);
        CountOfImage = Math.Min(_shape.PatchesAtOnce, _shape.OutPixels - First);
    }
}
