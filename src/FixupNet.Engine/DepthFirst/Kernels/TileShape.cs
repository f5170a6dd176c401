namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Shape of a 3×3 convolution with stride 1 over activations [images][channels/16][height][width][16]; channels are multiples of 16.</summary>
internal readonly record struct TileShape(int Images, int InChannels, int OutChannels, int Height, int Width)
{
    /// <summary>Shape of the backward pass to the input: the channels change places.</summary>
    internal TileShape Transposed => this with { InChannels = OutChannels, OutChannels = InChannels };

    /// <summary>Tiles of 4×4 outputs down the image.</summary>
    internal int TileRows => (Height + 3) / 4;

    /// <summary>Tiles across the image.</summary>
    internal int TileColumns => (Width + 3) / 4;
}
