using System.Runtime.CompilerServices;

namespace FixupNet.Engine.DepthFirst;

/// <summary>Weights that are computed from a layer's parameters before the layer is: gain·(W − mean)/√max(N·variance, 1e-4) over the N inputs of each output channel.</summary>
/// <remarks>arXiv:2101.08692 and its published code. Convolutions see the result only; once its gradient is complete, it is carried on to both parameters.</remarks>
/// <param name="weights">W [out][N].</param>
/// <param name="gain">[out].</param>
/// <param name="rows">Output channels.</param>
/// <param name="rowLength">N.</param>
internal sealed unsafe class StandardizedWeights(ParameterMemory weights, ParameterMemory gain, int rows, int rowLength) : IDisposable
{
    // The published code's.
    private const double SmallestVariance = 1e-4;

    private readonly ZeroedMemory _memory = new(2L * rows * rowLength * sizeof(float));

    /// <summary>The result and its gradient, as a layer sees them.</summary>
    internal ParameterMemory Result => new(Values, Values + Count);

    /// <summary>Bytes that it takes.</summary>
    internal long Bytes => 2 * Count * sizeof(float);

    private long Count => (long)rows * rowLength;

    private float* Values => (float*)_memory.Start;

    /// <summary>Computes the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Forward()
    {
        for (var row = 0; row < rows; row++)
        {
            float* from = weights.Values + ((nint)row * rowLength), to = Values + ((nint)row * rowLength);
            var (mean, inverse, _) = Statistics(from);
            var factor = gain.Values[row] * inverse;
            for (nint i = 0; i < rowLength; i++) to[i] = (float)((from[i] - mean) * factor);
        }
    }

    /// <summary>Writes the gradients of both parameters.</summary>
    /// <remarks>With c = W − mean, d = √(Σ c²) and G the result's gradient: d gain = Σ G·c/d, d W = gain/d·(G − mean of G − c·Σ G·c/d²), the last term only where d is not clamped.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Backward()
    {
        for (var row = 0; row < rows; row++)
        {
            var first = (nint)row * rowLength;
            float* from = weights.Values + first, gradient = Values + Count + first, to = weights.Gradient + first;
            var (mean, inverse, isClamped) = Statistics(from);
            double sum = 0, product = 0;
            for (nint i = 0; i < rowLength; i++)
            {
                sum += gradient[i];
                product += gradient[i] * (from[i] - mean);
            }
            gain.Gradient[row] = (float)(product * inverse);
            double factor = gain.Values[row] * inverse, meanGradient = sum / rowLength, share = isClamped ? 0 : product * inverse * inverse;
            for (nint i = 0; i < rowLength; i++) to[i] = (float)(factor * (gradient[i] - meanGradient - ((from[i] - mean) * share)));
        }
    }

    public void Dispose() => _memory.Dispose();

    private (double Mean, double Inverse, bool IsClamped) Statistics(float* row)
    {
        double sum = 0, squares = 0;
        for (nint i = 0; i < rowLength; i++) sum += row[i];
        var mean = sum / rowLength;
        for (nint i = 0; i < rowLength; i++) squares += (row[i] - mean) * (row[i] - mean);
        // A sum that is not a number stays so.
        var isClamped = squares < SmallestVariance;
        return (mean, 1 / Math.Sqrt(isClamped ? SmallestVariance : squares), isClamped);
    }
}
