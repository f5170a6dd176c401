using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>What a <see cref="NativeValue"/> holds; the numbers are those of the shim's Tag.</summary>
internal enum ValueTag
{
    None, Tensor, Int, Double, Bool, IntList, TensorList, OptionalTensorList, DoubleList, Device, Generator,
}

/// <summary>One argument or result as the shim sees it (struct Value in native/shim.h).</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct NativeValue
{
    [FieldOffset(0)] internal ValueTag Tag;
    [FieldOffset(4)] internal int Count;
    [FieldOffset(8)] internal long Integer;
    [FieldOffset(8)] internal double Real;
    [FieldOffset(8)] internal nint Pointer;
}

/// <summary>What the shim tells of a tensor (struct Info in native/tensor.cpp).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct TensorInfo
{
    internal long ElementCount;
    internal long* Sizes;
    internal long* Strides;
    internal int DimensionCount;
    internal int ScalarType;
    internal int DeviceType;
    internal int DeviceIndex;
    internal int ElementSize;
    internal int IsContiguous;
}
