using System.Runtime.CompilerServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Max pooling; of equal values the first of a window, row by row, has the gradient, as in PyTorch.</summary>
internal static unsafe class MaxPooling<TLanes, TValue>
    where TLanes : unmanaged, ILanes<TLanes>
    where TValue : unmanaged, IActivation<TValue>
{
    private const int Block = Products.Block;

    /// <summary>out [images][blocks][pixels][16] = the largest values of in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Forward(in PoolShape shape, int images, TValue* input, TValue* output)
    {
        nint plane = (nint)shape.Height * shape.Width * Block;
        for (var image = 0; image < images * shape.Blocks; image++, input += plane)
            for (var row = 0; row < shape.OutHeight; row++)
                for (var column = 0; column < shape.OutWidth; column++, output += Block)
                {
                    var (firstRow, lastRow, firstColumn, lastColumn) = shape.Window(row, column);
                    for (var lane = 0; lane < Block; lane += TLanes.Count)
                    {
                        var largest = TLanes.Broadcast(float.NegativeInfinity);
                        for (var y = firstRow; y < lastRow; y++)
                            for (var x = firstColumn; x < lastColumn; x++)
                                largest = TLanes.Max(largest, TValue.Load<TLanes>(input + ((((nint)y * shape.Width) + x) * Block) + lane));
                        TValue.Store(output + lane, largest);
                    }
                }
    }

    /// <summary>raw [images][blocks][height][width][16] += the gradient of what pooling took.</summary>
    /// <param name="shape">The pooling.</param>
    /// <param name="images">Images.</param>
    /// <param name="input">What it took.</param>
    /// <param name="output">What it gave.</param>
    /// <param name="gradient">The gradient of that.</param>
    /// <param name="raw">Where gradients are added.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddGradient(in PoolShape shape, int images, TValue* input, TValue* output, TValue* gradient, float* raw)
    {
        nint plane = (nint)shape.Height * shape.Width * Block;
        for (var image = 0; image < images * shape.Blocks; image++, input += plane, raw += plane)
            for (var row = 0; row < shape.OutHeight; row++)
                for (var column = 0; column < shape.OutWidth; column++, output += Block, gradient += Block)
                {
                    var (firstRow, lastRow, firstColumn, lastColumn) = shape.Window(row, column);
                    for (var lane = 0; lane < Block; lane += TLanes.Count)
                    {
                        TLanes left = TValue.Load<TLanes>(gradient + lane), largest = TValue.Load<TLanes>(output + lane);
                        for (var y = firstRow; y < lastRow; y++)
                            for (var x = firstColumn; x < lastColumn; x++)
                            {
                                var at = ((((nint)y * shape.Width) + x) * Block) + lane;
                                // Where the value is smaller, all is left for the others.
                                var passedOn = TLanes.WherePositive(largest - TValue.Load<TLanes>(input + at), left);
                                TLanes.Store(raw + at, TLanes.Load(raw + at) + (left - passedOn));
                                left = passedOn;
                            }
                    }
                }
    }
}
