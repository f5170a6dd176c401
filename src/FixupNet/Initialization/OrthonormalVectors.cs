using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using FixupNet.Randomness;

namespace FixupNet.Initialization;

/// <summary>Random orthonormal vectors, every rotation of them equally likely.</summary>
/// <remarks>
/// The Q of a Gaussian matrix whose R has a positive diagonal (arXiv:math-ph/0609050), by Gram and Schmidt's method applied twice. Neither libtorch
/// nor LAPACK is asked, and sums have one order on every processor: a seed gives the same vectors with every tensor library.
/// </remarks>
internal static class OrthonormalVectors
{
    private const int Passes = 2;

    /// <summary>Draws vectors.</summary>
    /// <param name="count">How many, at most <paramref name="length"/>.</param>
    /// <param name="length">Numbers of each.</param>
    /// <param name="random">Where they come from.</param>
    /// <returns>One vector after the other.</returns>
    internal static double[] Draw(int count, int length, ref CounterRandom random)
    {
        var vectors = new double[(long)count * length];
        for (var i = 0; i < count; i++)
        {
            var vector = Vector(vectors, i, length);
            for (var k = 0; k < length; k++) vector[k] = random.NextGaussian();
            for (var pass = 0; pass < Passes; pass++)
                for (var j = 0; j < i; j++) Subtract(vector, Dot(vector, Vector(vectors, j, length)), Vector(vectors, j, length));
            var norm = Math.Sqrt(Dot(vector, vector));
            for (var k = 0; k < length; k++) vector[k] /= norm;
        }
        return vectors;
    }

    private static Span<double> Vector(double[] vectors, int index, int length) => vectors.AsSpan(index * length, length);

    private static double Dot(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        var wide = MemoryMarshal.Cast<double, Vector256<double>>(first);
        var other = MemoryMarshal.Cast<double, Vector256<double>>(second);
        var sums = Vector256<double>.Zero;
        for (var k = 0; k < wide.Length; k++) sums += wide[k] * other[k];
        var sum = sums[0] + sums[1] + (sums[2] + sums[3]);
        for (var k = wide.Length * Vector256<double>.Count; k < first.Length; k++) sum += first[k] * second[k];
        return sum;
    }

    private static void Subtract(Span<double> from, double factor, ReadOnlySpan<double> vector)
    {
        var wide = MemoryMarshal.Cast<double, Vector256<double>>(from);
        var other = MemoryMarshal.Cast<double, Vector256<double>>(vector);
        for (var k = 0; k < wide.Length; k++) wide[k] -= factor * other[k];
        for (var k = wide.Length * Vector256<double>.Count; k < from.Length; k++) from[k] -= factor * vector[k];
    }
}
