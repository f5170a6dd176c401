using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TorchSharp;

namespace FixupNet;

/// <summary>How libtorch is loaded into this process, and what a program should set before that.</summary>
public static partial class NativeRuntime
{
    private const int ShortSpin = 10_000;

    /// <summary>The variable by which OpenBLAS is told which kernels to take.</summary>
    public const string OpenBlasVariable = "OPENBLAS_CORETYPE";

    /// <summary>OpenBLAS's name of the fastest kernels that this processor can run; null where it has to know itself.</summary>
    public static string? OpenBlasKernels { get; } =
        BlasKernels(Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512CD.IsSupported, Fma.IsSupported && Avx2.IsSupported);

    /// <summary>Sets this process up for training on a CPU under Linux; elsewhere it does nothing. Call it first of all, before any tensor is made.</summary>
    /// <remarks>
    /// OpenMP's threads spin while they wait for each other, for as short a time as pays (<c>GOMP_SPINCOUNT</c>). With TorchSharp's own packages
    /// glibc keeps the memory of freed tensors for the next ones: by default it returns it to the system and gets it back, page by page, at every
    /// step. OpenBLAS is told which of its kernels this processor can run (<see cref="OpenBlasVariable"/>): of processors younger than itself it knows nothing and
    /// takes those of 2004. What was set in the environment (also <c>OMP_WAIT_POLICY</c>, <c>MALLOC_…_</c>, <c>GLIBC_TUNABLES</c>) stays.
    /// </remarks>
    public static void Tune()
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            if (!IsSet("GOMP_SPINCOUNT") && !IsSet("OMP_WAIT_POLICY"))
                // .NET's own variables never reach a native library of this process.
                setenv("GOMP_SPINCOUNT", FormattableString.Invariant($"{SpinCount(LoadOfMachine(), Environment.ProcessorCount)}"), overwrite: 0);
            if (!IsSet(OpenBlasVariable) && OpenBlasKernels is { } kernels) setenv(OpenBlasVariable, kernels, overwrite: 1);
#if !LIBTORCH_PROVIDER
            if (!s_mallocVariables.Any(IsSet)) KeepFreedMemory();
#endif
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc has neither these settings nor their problem.
        }
    }

    /// <summary>Loads libtorch on a thread of its own, where a program has other things to do before its first tensor; call it after <see cref="Tune"/>.</summary>
    /// <remarks>
    /// It takes some half a second; with a single processor it does nothing. What goes wrong is told by the first call that needs it. A program that returns from
    /// Main before that ends when libtorch is loaded: to run the destructors of a library whose constructors still run corrupts memory.
    /// </remarks>
    public static void LoadAhead()
    {
        if (Environment.ProcessorCount > 1) new Thread(Load) { IsBackground = false, Name = "libtorch loading" }.Start();

        static void Load()
        {
            try
            {
                using var first = torch.zeros(1);
            }
            catch (Exception)
            {
                // The next call fails in the same way, where somebody waits for it.
            }
        }
    }

    /// <summary>The native library of this process whose path has a part in it; null where none has.</summary>
    /// <param name="part">A part of the path, as "torch_cpu".</param>
    public static string? LoadedFile(string part)
    {
        using var process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>().Select(module => module.FileName).FirstOrDefault(file => file.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>How many times a thread of libgomp looks for work before it sleeps.</summary>
    /// <remarks>A thread that spins on a core which another program wants delays both, the more so since the thread waited for may be the one that is delayed.</remarks>
    /// <param name="load">Mean number of running threads on this machine over the last minute.</param>
    /// <param name="processors">Processors of this process.</param>
    internal static int SpinCount(double load, int processors) => load >= processors ? 0 : ShortSpin;

    internal static string? BlasKernels(bool hasAvx512, bool hasAvx2) => hasAvx512 ? "SkylakeX" : hasAvx2 ? "Haswell" : null;

    private static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };

    private static double LoadOfMachine() => getloadavg(out var minute, 1) == 1 ? minute : 0;

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc")]
    private static partial int getloadavg(out double load, int count);

#if !LIBTORCH_PROVIDER
    // Numbers of glibc's malloc.h.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;

    private static readonly string[] s_mallocVariables = ["MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES"];

    // The LibTorch provider has an allocator of its own.
    private static void KeepFreedMemory()
    {
        mallopt(TrimThreshold, -1);
        mallopt(TopPad, 64 << 20);
        mallopt(MmapThreshold, 1 << 30);
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It loads nothing and costs nothing before the first native call.")]
    internal static void PrepareFirstCall()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(torch).Assembly, static (_, _, _) =>
            {
                // Where a program has the native libraries not beside itself, TorchSharp finds them in the type initializer of torch, and not every first
                // call runs that: new Generator(1) fails with DllNotFoundException. So the first call of all, whichever it is, runs it.
                RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
                OneDnn.TurnOffWhereWrong();
                return 0;
            });
        }
        catch (InvalidOperationException)
        {
            // The program has a resolver of its own, which knows better where libraries are.
        }
        // For programs that used TorchSharp before this library, or have that resolver.
        OneDnn.TurnOffWhereWrong();
    }
#endif
}
