#if !LIBTORCH_PROVIDER
using System.Runtime.InteropServices;
#endif
using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace FixupNet;

/// <summary>oneDNN, which computes libtorch's convolutions on CPUs, and the processors on which it is wrong.</summary>
/// <remarks>
/// Some virtual machines hide from the CPUID of AMD's processors what caches there are (leaf 0x8000001D). There oneDNN 3, in libtorch 2.6 and 2.10, gave wrong convolutions
/// and input gradients, and ended processes; oneDNN 2, in libtorch 1.13, did not, and without oneDNN all was right. So libtorch from version 2 on computes without it there, told by
/// the LibTorch provider as it loads, or by this class. docs/platforms.md has what was measured.
/// </remarks>
public static class OneDnn
{
    private const uint ExtendedLeaves = 0x80000000;
    private const uint AmdCaches = 0x8000001D;
    private const int CacheType = 31;

    /// <summary>The registers that CPUID gives for a leaf and one of its parts.</summary>
    internal delegate (int Eax, int Ebx, int Ecx, int Edx) CpuId(int leaf, int part);

    /// <summary>Whether this is a processor of AMD's that does not tell of its caches.</summary>
    public static bool IsWrongHere { get; } = X86Base.IsSupported && HidesCaches(X86Base.CpuId);

    /// <summary>Whether libtorch computes without oneDNN, because it would be wrong here. Asking loads libtorch.</summary>
    public static bool IsOff => IsWrongHere && !IsOld;

    /// <summary>Whether it is version 2, in libtorch 1, which was never seen to be wrong. Asking loads libtorch.</summary>
    public static bool IsOld => __version__.StartsWith("1.", StringComparison.Ordinal);

    internal static bool HidesCaches(CpuId cpuid)
    {
        // "AuthenticAMD", four letters a register.
        if (cpuid(0, 0) is not (_, 0x68747541, 0x444D4163, 0x69746E65)) return false;
        return (uint)cpuid(unchecked((int)ExtendedLeaves), 0).Eax >= AmdCaches && (cpuid(unchecked((int)AmdCaches), 0).Eax & CacheType) == 0;
    }

#if !LIBTORCH_PROVIDER
    private static readonly Lock s_lock = new();
    private static bool s_isTold;

    /// <summary>Tells libtorch, once it is loaded, to compute without oneDNN where that would be wrong.</summary>
    /// <remarks>Asked before every first call of a native function, so that it must cost nothing afterwards.</remarks>
    internal static void TurnOffWhereWrong()
    {
        if (!IsWrongHere || Volatile.Read(ref s_isTold)) return;
        lock (s_lock)
        {
            if (s_isTold) return;
            if (NativeRuntime.LoadedFile(OperatingSystem.IsWindows() ? "torch_cpu.dll" : "libtorch_cpu.so") is not { } file) return;
            TurnOff(file);
            Volatile.Write(ref s_isTold, true);
        }
    }

    // at::globalContext().setUserEnabledMkldnn(false), which TorchSharp does not offer, by the names that each system's compiler gave the two. NNPACK, which libtorch
    // would try next, knows no such processor either, and says so at every convolution.
    private static unsafe void TurnOff(string file)
    {
        var (context, setters) = OperatingSystem.IsWindows()
            ? ("?globalContext@at@@YAAEAVContext@1@XZ", new[] { "?setUserEnabledMkldnn@Context@at@@QEAAX_N@Z", "?setUserEnabledNNPACK@Context@at@@QEAAX_N@Z" })
            : ("_ZN2at13globalContextEv", ["_ZN2at7Context20setUserEnabledMkldnnEb", "_ZN2at7Context20setUserEnabledNNPACKEb"]);
        var module = NativeLibrary.Load(file);
        var contextOf = (delegate* unmanaged<nint>)NativeLibrary.GetExport(module, context);
        foreach (var setter in setters) ((delegate* unmanaged<nint, byte, void>)NativeLibrary.GetExport(module, setter))(contextOf(), 0);
    }
#endif
}
