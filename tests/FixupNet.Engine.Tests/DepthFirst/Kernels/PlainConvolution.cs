namespace FixupNet.Engine.Tests.DepthFirst.Kernels;

/// <summary>A convolution with padding kernel/2 as its definition says, in float64.</summary>
internal sealed class PlainConvolution(Blocked weights, int inChannels, int outChannels, int kernel, int stride, int height, int width)
{
    internal double Forward(Blocked input, double shift, int image, int outChannel, int row, int column)
    {
        double sum = 0;
        for (var c = 0; c < inChannels; c++)
            for (var i = 0; i < kernel; i++)
                for (var j = 0; j < kernel; j++)
                    if (Inside((row * stride) + i - (kernel / 2), (column * stride) + j - (kernel / 2)) is var (y, x))
                        sum += (input[image, c, y, x] + shift) * weights[outChannel, c, i, j];
        return sum;
    }

    internal double BackwardData(Blocked gradient, int image, int inChannel, int row, int column)
    {
        double sum = 0;
        for (var i = 0; i < kernel; i++)
            for (var j = 0; j < kernel; j++)
            {
                int y = row - i + (kernel / 2), x = column - j + (kernel / 2);
                if (y < 0 || x < 0 || y % stride != 0 || x % stride != 0 || y / stride >= OutHeight || x / stride >= OutWidth) continue;
                for (var k = 0; k < outChannels; k++) sum += (double)gradient[image, k, y / stride, x / stride] * weights[k, inChannel, i, j];
            }
        return sum;
    }

    internal double BackwardWeights(Blocked input, double shift, Blocked gradient, int images, int outChannel, int inChannel, int tapRow, int tapColumn)
    {
        double sum = 0;
        for (var n = 0; n < images; n++)
            for (var row = 0; row < OutHeight; row++)
                for (var column = 0; column < OutWidth; column++)
                    if (Inside((row * stride) + tapRow - (kernel / 2), (column * stride) + tapColumn - (kernel / 2)) is var (y, x))
                        sum += (input[n, inChannel, y, x] + shift) * gradient[n, outChannel, row, column];
        return sum;
    }

    private int OutHeight => (height + stride - 1) / stride;

    private int OutWidth => (width + stride - 1) / stride;

    private (int Y, int X)? Inside(int y, int x) => y >= 0 && y < height && x >= 0 && x < width ? (y, x) : null;
}
