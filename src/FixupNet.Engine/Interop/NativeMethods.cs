using System.Reflection;
using System.Runtime.InteropServices;

namespace FixupNet.Engine.Interop;

/// <summary>The exports of the C++ engine, native/engine.h.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "fixupnet_engine";
    private const int Revision = 1;

    static NativeMethods() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);

    // Beside this assembly only: never the current directory, nor the system's search path.
    private static string LibraryPath { get; } = Path.Combine(AppContext.BaseDirectory, $"lib{Library}.so");

    /// <summary>Why the engine cannot be used here; null where it can.</summary>
    internal static string? Unavailable { get; } = FindProblem();

    internal static void Check(int status)
    {
        if (status != 0) throw new ExternalException($"The depth-first engine: {Text(fixupnet_engine_error())}.");
    }

    internal static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static string? FindProblem()
    {
        if (!File.Exists(LibraryPath)) return "the engine was not built here (it needs Linux, the LibTorch tensor provider and oneDNN; Debian: libdnnl-dev)";
        if (!NativeLibrary.TryLoad(LibraryPath, out _)) return $"{LibraryPath} cannot be loaded (it needs oneDNN; Debian: libdnnl-dev)";
        var revision = fixupnet_engine_revision();
        return revision == Revision ? null : $"{LibraryPath} has revision {revision}, needed is {Revision}: build the project again";
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == Library ? NativeLibrary.Load(LibraryPath) : 0;

    [LibraryImport(Library)] private static partial int fixupnet_engine_revision();
    [LibraryImport(Library)] internal static partial byte* fixupnet_engine_error();
    [LibraryImport(Library)] internal static partial byte* fixupnet_engine_instruction_set();
    [LibraryImport(Library)] internal static partial byte* fixupnet_engine_library_version();
    [LibraryImport(Library)] internal static partial int fixupnet_engine_has_bfloat16();
    [LibraryImport(Library)] internal static partial int fixupnet_engine_bytes(NativeNetwork* network, NativeOptions* options, out long bytes);
    [LibraryImport(Library)] internal static partial int fixupnet_engine_create(NativeNetwork* network, NativeOptions* options, out nint engine);
    [LibraryImport(Library)] internal static partial void fixupnet_engine_destroy(nint engine);
    [LibraryImport(Library)] internal static partial int fixupnet_engine_choices(nint engine, NativeChoice* choices, int capacity, out int count);
    [LibraryImport(Library)]
    internal static partial int fixupnet_engine_step(
        nint engine, float* images, long* labels, long* partners, double labelWeight, int count, out NativeStepResult result);
    [LibraryImport(Library)] internal static partial int fixupnet_engine_evaluate(nint engine, float* images, int count, float* logits);
    [LibraryImport(Library)]
    internal static partial int fixupnet_engine_floor(NativeNetwork* network, NativeOptions* options, int count, out double seconds);
}
