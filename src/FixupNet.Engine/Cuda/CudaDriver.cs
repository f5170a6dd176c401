using System.Runtime.InteropServices;

namespace FixupNet.Engine.Cuda;

/// <summary>What the driver of NVIDIA cards tells; it is on every machine that can use one, whoever provides the tensors.</summary>
public static unsafe class CudaDriver
{
    private const int MaxNameBytes = 256;

    /// <summary>A card's model, such as "NVIDIA H200".</summary>
    /// <param name="index">The card's number as CUDA counts, 0 or more.</param>
    /// <returns>The name; null where there is no driver or no such card.</returns>
    public static string? NameOf(int index) => NameOf(index, OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1");

    internal static string? NameOf(int index, string library)
    {
        if (!NativeLibrary.TryLoad(library, out var driver)
            || !NativeLibrary.TryGetExport(driver, "cuInit", out var initialize)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGet", out var find)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGetName", out var tell)) return null;
        int card;
        var name = stackalloc byte[MaxNameBytes];
        return ((delegate* unmanaged<uint, int>)initialize)(0) == 0
            && ((delegate* unmanaged<int*, int, int>)find)(&card, index) == 0
            && ((delegate* unmanaged<byte*, int, int, int>)tell)(name, MaxNameBytes, card) == 0
            ? Marshal.PtrToStringUTF8((nint)name)
            : null;
    }
}
