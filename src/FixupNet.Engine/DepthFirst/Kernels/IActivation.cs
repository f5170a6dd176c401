using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FixupNet.Engine.DepthFirst.Kernels;

/// <summary>How one value of an activation or of its gradient is kept in memory; arithmetic is in float32 either way.</summary>
/// <typeparam name="TSelf">The value itself.</typeparam>
internal unsafe interface IActivation<TSelf> where TSelf : unmanaged, IActivation<TSelf>
{
    static abstract TLanes Load<TLanes>(TSelf* from) where TLanes : unmanaged, ILanes<TLanes>;

    static abstract void Store<TLanes>(TSelf* to, TLanes value) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>A 32-bit floating point value.</summary>
[StructLayout(LayoutKind.Sequential, Size = sizeof(float))]
internal readonly unsafe struct Float32 : IActivation<Float32>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(Float32* from) where TLanes : unmanaged, ILanes<TLanes> => TLanes.Load((float*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TLanes>(Float32* to, TLanes value) where TLanes : unmanaged, ILanes<TLanes> => TLanes.Store((float*)to, value);
}

/// <summary>The upper half of a 32-bit floating point value.</summary>
[StructLayout(LayoutKind.Sequential, Size = sizeof(ushort))]
internal readonly unsafe struct BFloat16 : IActivation<BFloat16>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(BFloat16* from) where TLanes : unmanaged, ILanes<TLanes> => TLanes.LoadBFloat16((ushort*)from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TLanes>(BFloat16* to, TLanes value) where TLanes : unmanaged, ILanes<TLanes> => TLanes.StoreBFloat16((ushort*)to, value);
}
