using System.Runtime.Intrinsics;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>How wide the vectors of a processor are.</summary>
internal enum VectorWidth
{
    /// <summary>No vectors: one value at a time.</summary>
    Scalar,

    /// <summary>128 bits: Arm, and x86 processors without AVX2.</summary>
    Bits128,

    /// <summary>256 bits: AVX2.</summary>
    Bits256,

    /// <summary>512 bits: AVX-512.</summary>
    Bits512,
}

/// <summary>Chooses kernels for a processor.</summary>
internal static class VectorWidths
{
    /// <summary>The widest vectors that this processor has, or that .NET is allowed to use (DOTNET_EnableAVX512=0 and the like).</summary>
    internal static VectorWidth Widest =>
        Vector512.IsHardwareAccelerated ? VectorWidth.Bits512
        : Vector256.IsHardwareAccelerated ? VectorWidth.Bits256
        : Vector128.IsHardwareAccelerated ? VectorWidth.Bits128
        : VectorWidth.Scalar;

    /// <summary>Multiply-adds in registers; returns how many were done.</summary>
    internal static double MultiplyAdds(this VectorWidth width, int repetitions) => width switch
    {
        VectorWidth.Bits512 => PeakLoop.Run<Lanes512>(repetitions),
        VectorWidth.Bits256 => PeakLoop.Run<Lanes256>(repetitions),
        VectorWidth.Bits128 => PeakLoop.Run<Lanes128>(repetitions),
        _ => PeakLoop.Run<LanesScalar>(repetitions),
    };

    /// <summary>The kernels of a width; narrower ones than a processor has give the same results but for rounding.</summary>
    internal static IKernels<TValue> Kernels<TValue>(this VectorWidth width) where TValue : unmanaged, IActivation<TValue> => width switch
    {
        VectorWidth.Bits512 => new Kernels<Lanes512, TValue>(),
        VectorWidth.Bits256 => new Kernels<Lanes256, TValue>(),
        VectorWidth.Bits128 => new Kernels<Lanes128, TValue>(),
        _ => new Kernels<LanesScalar, TValue>(),
    };
}
