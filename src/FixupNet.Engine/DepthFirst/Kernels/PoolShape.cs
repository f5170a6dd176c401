namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Max pooling with padding kernel/2 over activations [images][blocks][height][width][16].</summary>
/// <param name="Blocks">Blocks of 16 channels.</param>
/// <param name="Kernel">Height and width of a window, odd.</param>
/// <param name="Stride">Distance of windows, at least 1.</param>
/// <param name="Height">Height of the input.</param>
/// <param name="Width">Width of the input.</param>
internal readonly record struct PoolShape(int Blocks, int Kernel, int Stride, int Height, int Width)
{
    internal int OutHeight => (Height + Stride - 1) / Stride;

    internal int OutWidth => (Width + Stride - 1) / Stride;

    /// <summary>The rows and columns of the input that a window sees.</summary>
    internal (int FirstRow, int LastRow, int FirstColumn, int LastColumn) Window(int row, int column)
    {
        var (top, left) = ((row * Stride) - (Kernel / 2), (column * Stride) - (Kernel / 2));
        return (Math.Max(0, top), Math.Min(Height, top + Kernel), Math.Max(0, left), Math.Min(Width, left + Kernel));
    }
}
