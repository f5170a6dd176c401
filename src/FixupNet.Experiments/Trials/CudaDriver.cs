using System.Runtime.InteropServices;
using System.Text;

namespace FixupNet.Experiments.Trials;

/// <summary>What the driver of NVIDIA cards tells; it is on every machine that can use one, whoever provides the tensors.</summary>
internal static class CudaDriver
{
    private const int MaxNameBytes = 256;

    private delegate int Initialize(uint flags);

    private delegate int FindCard(out int card, int index);

    private delegate int TellName([Out] byte[] name, int length, int card);

    /// <summary>A card's model, such as "NVIDIA H200".</summary>
    /// <param name="index">The card's number as CUDA counts, 0 or more.</param>
    /// <returns>The name; null where there is no driver or no such card.</returns>
    internal static string? NameOf(int index) => NameOf(index, OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1");

    internal static string? NameOf(int index, string library)
    {
        if (!NativeLibrary.TryLoad(library, out var driver)
            || Export<Initialize>(driver, "cuInit") is not { } initialize
            || Export<FindCard>(driver, "cuDeviceGet") is not { } findCard
            || Export<TellName>(driver, "cuDeviceGetName") is not { } tellName) return null;
        var name = new byte[MaxNameBytes];
        return initialize(0) == 0 && findCard(out var card, index) == 0 && tellName(name, name.Length, card) == 0
            ? Encoding.UTF8.GetString(name.AsSpan(0, name.AsSpan().IndexOf((byte)0)))
            : null;
    }

    private static TFunction? Export<TFunction>(nint library, string name) where TFunction : Delegate =>
        NativeLibrary.TryGetExport(library, name, out var address) ? Marshal.GetDelegateForFunctionPointer<TFunction>(address) : null;
}
