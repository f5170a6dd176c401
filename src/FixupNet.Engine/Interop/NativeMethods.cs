using System.Runtime.InteropServices;

namespace FixupNet.Engine.Interop;

/// <summary>The exports of the C++ engine, native/engine.h.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = NativeLibraries.DepthFirst;
    private const int Revision = 2;

    /// <summary>Why the engine cannot be used here; null where it can.</summary>
    internal static string? Unavailable { get; }

    // Not an initializer: it must have run before the first call of an export.
    static NativeMethods() => Unavailable = NativeLibraries.ProblemOf(
        Library, "Linux, the LibTorch tensor provider and oneDNN 2; Debian 12: libdnnl-dev", fixupnet_engine_revision, Revision);

    internal static void Check(int status)
    {
        if (status != 0) throw new ExternalException($"The depth-first engine: {Text(fixupnet_engine_error())}.");
    }

    internal static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

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
