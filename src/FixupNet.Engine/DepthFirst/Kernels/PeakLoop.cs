using System.Runtime.CompilerServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>As many multiply-adds as a core can do: independent sums, all in registers.</summary>
internal static class PeakLoop
{
    /// <summary>Runs the loop; returns the multiply-adds it did.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static unsafe double Run<TLanes>(int repetitions) where TLanes : unmanaged, ILanes<TLanes>
    {
        // Ten sums hide the latency of two multipliers, and fit sixteen registers.
        TLanes s0, s1, s2, s3, s4, s5, s6, s7, s8, s9;
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = s8 = s9 = TLanes.Broadcast(1);
        var vector = TLanes.Broadcast(1e-9f);
        var factor = stackalloc float[1] { 0.5f };
        for (var i = 0; i < repetitions; i++)
        {
            TLanes.Accumulate(ref s0, vector, factor);
            TLanes.Accumulate(ref s1, vector, factor);
            TLanes.Accumulate(ref s2, vector, factor);
            TLanes.Accumulate(ref s3, vector, factor);
            TLanes.Accumulate(ref s4, vector, factor);
            TLanes.Accumulate(ref s5, vector, factor);
            TLanes.Accumulate(ref s6, vector, factor);
            TLanes.Accumulate(ref s7, vector, factor);
            TLanes.Accumulate(ref s8, vector, factor);
            TLanes.Accumulate(ref s9, vector, factor);
        }
        // What is not used is not computed.
        var total = TLanes.Sum(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9);
        return double.IsNaN(total) ? 0 : 10.0 * repetitions * TLanes.Count;
    }
}
