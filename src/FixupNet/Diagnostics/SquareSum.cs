using System.Numerics;

namespace FixupNet.Diagnostics;

/// <summary>Σx² in float64, on the CPU; in float32 the sum overflows long before the numbers do.</summary>
internal static class SquareSum
{
    internal static double Of(ReadOnlySpan<float> values)
    {
        var (low, high) = (Vector<double>.Zero, Vector<double>.Zero);
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(values[i..]), out var first, out var second);
            low += first * first;
            high += second * second;
        }
        var sum = Vector.Sum(low + high);
        for (; i < values.Length; i++) sum += (double)values[i] * values[i];
        return sum;
    }

    internal static double Of(ReadOnlySpan<double> values)
    {
        var squares = Vector<double>.Zero;
        var i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var vector = new Vector<double>(values[i..]);
            squares += vector * vector;
        }
        var sum = Vector.Sum(squares);
        for (; i < values.Length; i++) sum += values[i] * values[i];
        return sum;
    }
}
