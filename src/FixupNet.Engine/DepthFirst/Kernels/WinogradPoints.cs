using System.Runtime.CompilerServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>The one-dimensional transforms of F(4, 3) and F(3, 4) at the points 0, 1, −1, 2, −2, ∞ (arXiv:1509.09308).</summary>
internal static class WinogradPoints
{
    /// <summary>Bᵀ, rows 0 to 2, of values d₀ … d₄.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void InputHead<TLanes>(
        TLanes d0, TLanes d1, TLanes d2, TLanes d3, TLanes d4, out TLanes t0, out TLanes t1, out TLanes t2) where TLanes : unmanaged, ILanes<TLanes>
    {
        var minusFour = TLanes.Broadcast(-4);
        var even = TLanes.MultiplyAdd(minusFour, d2, d4);
        var odd = TLanes.MultiplyAdd(minusFour, d1, d3);
        t0 = TLanes.MultiplyAdd(TLanes.Broadcast(4), d0, TLanes.MultiplyAdd(TLanes.Broadcast(-5), d2, d4));
        t1 = even + odd;
        t2 = even - odd;
    }

    /// <summary>Bᵀ, rows 3 to 5, of values d₁ … d₅.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void InputTail<TLanes>(
        TLanes d1, TLanes d2, TLanes d3, TLanes d4, TLanes d5, out TLanes t3, out TLanes t4, out TLanes t5) where TLanes : unmanaged, ILanes<TLanes>
    {
        var even = d4 - d2;
        var odd = d3 - d1;
        t3 = TLanes.MultiplyAdd(TLanes.Broadcast(2), odd, even);
        t4 = TLanes.MultiplyAdd(TLanes.Broadcast(-2), odd, even);
        t5 = TLanes.MultiplyAdd(TLanes.Broadcast(4), d1, TLanes.MultiplyAdd(TLanes.Broadcast(-5), d3, d5));
    }

    /// <summary>G of F(3, 4): a tile of output gradients as a filter at the six points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Gradient<TLanes>(
        TLanes y0, TLanes y1, TLanes y2, TLanes y3,
        out TLanes z0, out TLanes z1, out TLanes z2, out TLanes z3, out TLanes z4, out TLanes z5) where TLanes : unmanaged, ILanes<TLanes>
    {
        var four = TLanes.Broadcast(4);
        var even = (y0 + y2) * TLanes.Broadcast(-1f / 6);
        var odd = (y1 + y3) * TLanes.Broadcast(1f / 6);
        var evenOfTwo = TLanes.MultiplyAdd(four, y2, y0) * TLanes.Broadcast(1f / 24);
        var oddOfTwo = TLanes.MultiplyAdd(four, y3, y1) * TLanes.Broadcast(1f / 12);
        z0 = y0 * TLanes.Broadcast(0.25f);
        z1 = even - odd;
        z2 = even + odd;
        z3 = evenOfTwo + oddOfTwo;
        z4 = evenOfTwo - oddOfTwo;
        z5 = y3;
    }

    /// <summary>Aᵀ of F(4, 3): products at the six points as four outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Output<TLanes>(
        TLanes m0, TLanes m1, TLanes m2, TLanes m3, TLanes m4, TLanes m5,
        out TLanes o0, out TLanes o1, out TLanes o2, out TLanes o3) where TLanes : unmanaged, ILanes<TLanes>
    {
        var sumOfOne = m1 + m2;
        var differenceOfOne = m1 - m2;
        var sumOfTwo = m3 + m4;
        var differenceOfTwo = m3 - m4;
        o0 = m0 + sumOfOne + sumOfTwo;
        o1 = TLanes.MultiplyAdd(TLanes.Broadcast(2), differenceOfTwo, differenceOfOne);
        o2 = TLanes.MultiplyAdd(TLanes.Broadcast(4), sumOfTwo, sumOfOne);
        o3 = TLanes.MultiplyAdd(TLanes.Broadcast(8), differenceOfTwo, differenceOfOne) + m5;
    }

    /// <summary>G of F(4, 3): a filter at the six points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Weight<TLanes>(
        TLanes g0, TLanes g1, TLanes g2,
        out TLanes u0, out TLanes u1, out TLanes u2, out TLanes u3, out TLanes u4, out TLanes u5) where TLanes : unmanaged, ILanes<TLanes>
    {
        var even = (g0 + g2) * TLanes.Broadcast(-1f / 6);
        var odd = g1 * TLanes.Broadcast(1f / 6);
        var evenOfTwo = TLanes.MultiplyAdd(g0, TLanes.Broadcast(1f / 24), g2 * TLanes.Broadcast(1f / 6));
        var oddOfTwo = g1 * TLanes.Broadcast(1f / 12);
        u0 = g0 * TLanes.Broadcast(0.25f);
        u1 = even - odd;
        u2 = even + odd;
        u3 = evenOfTwo + oddOfTwo;
        u4 = evenOfTwo - oddOfTwo;
        u5 = g2;
    }

    /// <summary>Aᵀ of F(3, 4): products at the six points as the three gradients of a filter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void WeightGradient<TLanes>(
        TLanes m0, TLanes m1, TLanes m2, TLanes m3, TLanes m4, TLanes m5, out TLanes o0, out TLanes o1, out TLanes o2)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        var sumOfOne = m1 + m2;
        var sumOfTwo = m3 + m4;
        o0 = m0 + sumOfOne + sumOfTwo;
        o1 = TLanes.MultiplyAdd(TLanes.Broadcast(2), m3 - m4, m1 - m2);
        o2 = TLanes.MultiplyAdd(TLanes.Broadcast(4), sumOfTwo, sumOfOne) + m5;
    }
}
