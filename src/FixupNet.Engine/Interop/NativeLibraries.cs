using System.Reflection;
using System.Runtime.InteropServices;

namespace FixupNet.Engine.Interop;

/// <summary>Finds the engine's native libraries: beside this assembly only, never in the current directory or on the system's search path.</summary>
internal static class NativeLibraries
{
    internal const string Cuda = "fixupnet_cuda";

    static NativeLibraries() => NativeLibrary.SetDllImportResolver(
        typeof(NativeLibraries).Assembly,
        static (name, _, _) => name is Cuda ? NativeLibrary.Load(PathOf(name)) : 0);

    /// <summary>Whether the CUDA kernels are those that compute on the CPU, for tests; to be set before they are used.</summary>
    internal static bool EmulatesCuda { get; set; }

    /// <summary>The library's file.</summary>
    internal static string PathOf(string library) =>
        Path.Combine(AppContext.BaseDirectory, $"lib{library}{(library == Cuda && EmulatesCuda ? "_emulated" : "")}.so");

    /// <summary>Why a library cannot be used here; null where it can.</summary>
    /// <param name="library">Its name.</param>
    /// <param name="needs">What building and loading it takes.</param>
    /// <param name="readRevision">Asks the library for its revision.</param>
    /// <param name="revision">The revision that this assembly was written for.</param>
    internal static string? ProblemOf(string library, string needs, Func<int> readRevision, int revision)
    {
        var path = PathOf(library);
        if (!File.Exists(path)) return $"{Path.GetFileName(path)} was not built here (it needs {needs})";
        if (!NativeLibrary.TryLoad(path, out _)) return $"{path} cannot be loaded (it needs {needs})";
        var found = readRevision();
        return found == revision ? null : $"{path} has revision {found}, needed is {revision}: build the project again";
    }
}
