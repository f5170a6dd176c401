using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>Eight rows of eight values, turned.</summary>
internal static unsafe class Transposition
{
    /// <summary>Rows and columns.</summary>
    internal const int Side = 8;

    internal static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx.IsSupported;
    }

    /// <summary>to[j][i] = from[i][j].</summary>
    /// <param name="from">The first row.</param>
    /// <param name="step">Floats from row to row.</param>
    /// <param name="to">The first row of the result.</param>
    /// <param name="toStep">Floats from row to row of the result.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Turn(float* from, nint step, float* to, nint toStep)
    {
        Vector256<float> r0 = Vector256.Load(from), r1 = Vector256.Load(from + step), r2 = Vector256.Load(from + (2 * step)), r3 = Vector256.Load(from + (3 * step));
        from += 4 * step;
        Vector256<float> r4 = Vector256.Load(from), r5 = Vector256.Load(from + step), r6 = Vector256.Load(from + (2 * step)), r7 = Vector256.Load(from + (3 * step));
        // Pairs of rows, then fours, within the halves of the registers; then the halves.
        Vector256<double> a0 = Avx.UnpackLow(r0, r1).AsDouble(), a1 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> a2 = Avx.UnpackLow(r2, r3).AsDouble(), a3 = Avx.UnpackHigh(r2, r3).AsDouble();
        Vector256<double> a4 = Avx.UnpackLow(r4, r5).AsDouble(), a5 = Avx.UnpackHigh(r4, r5).AsDouble();
        Vector256<double> a6 = Avx.UnpackLow(r6, r7).AsDouble(), a7 = Avx.UnpackHigh(r6, r7).AsDouble();
        Store(Avx.UnpackLow(a0, a2), Avx.UnpackLow(a4, a6), to, toStep);
        Store(Avx.UnpackHigh(a0, a2), Avx.UnpackHigh(a4, a6), to + toStep, toStep);
        Store(Avx.UnpackLow(a1, a3), Avx.UnpackLow(a5, a7), to + (2 * toStep), toStep);
        Store(Avx.UnpackHigh(a1, a3), Avx.UnpackHigh(a5, a7), to + (3 * toStep), toStep);
    }

    /// <summary>Stores a column of the lower halves, and four rows further that of the upper ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<double> first, Vector256<double> second, float* to, nint step)
    {
        Avx.Permute2x128(first, second, 0x20).AsSingle().Store(to);
        Avx.Permute2x128(first, second, 0x31).AsSingle().Store(to + (4 * step));
    }
}
