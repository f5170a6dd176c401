namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Every stride-th pixel of an activation.</summary>
/// <param name="Images">Images.</param>
/// <param name="InChannels">Channels of the input, as the model counts them.</param>
/// <param name="OutChannels">Channels of the output; those beyond the input's are 0.</param>
/// <param name="Height">Height of the input.</param>
/// <param name="Width">Width of the input.</param>
/// <param name="Stride">Distance of the pixels kept.</param>
internal readonly record struct SampleShape(int Images, int InChannels, int OutChannels, int Height, int Width, int Stride);

/// <summary>Offsets of the pixels that sampling keeps, in the sampled and the full activation; how many of a pixel's 16 lanes come from the input.</summary>
internal readonly record struct SampledPixel(nint Sampled, nint Full, int Lanes);

/// <summary>All pixels that sampling keeps.</summary>
internal ref struct SampledPixels(SampleShape shape)
{
    private readonly int _inBlocks = (shape.InChannels + Products.Block - 1) / Products.Block;
    private readonly int _outBlocks = (shape.OutChannels + Products.Block - 1) / Products.Block;
    private readonly int _height = (shape.Height + shape.Stride - 1) / shape.Stride;
    private readonly int _width = (shape.Width + shape.Stride - 1) / shape.Stride;
    private int _index = -1;
    private int _image, _block, _row, _column = -1;

    public readonly SampledPixels GetEnumerator() => this;

    public readonly SampledPixel Current
    {
        get
        {
            var full = ((((((nint)_image * _inBlocks) + _block) * shape.Height) + (_row * shape.Stride)) * shape.Width) + (_column * shape.Stride);
            return new SampledPixel((nint)_index * Products.Block, full * Products.Block, Math.Clamp(shape.InChannels - (_block * Products.Block), 0, Products.Block));
        }
    }

    public bool MoveNext()
    {
        _index++;
        if (++_column < _width) return true;
        _column = 0;
        if (++_row < _height) return true;
        _row = 0;
        if (++_block < _outBlocks) return true;
        _block = 0;
        return ++_image < shape.Images;
    }
}
