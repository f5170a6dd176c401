using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The exports of the C++ shim (native/*.cpp); every one that can fail returns non-zero and leaves a text in fx_last_error.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "fixupnet_torch";
    private const int Revision = 2;

    // Runs before the first P/Invoke of this assembly: loads the shim, checks that it is the one built with this code, sets up threads.
    static NativeMethods()
    {
        NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);
        if (fx_revision() != Revision)
            throw new NotSupportedException($"The native library {Library} has revision {fx_revision()}, needed is {Revision}: build the project again.");
        Check(fx_initialize(CpuTopology.PhysicalCoreCount));
    }

    internal static void Check(int status)
    {
        if (status != 0) throw new ExternalException(Marshal.PtrToStringUTF8((nint)fx_last_error()));
    }

    // Only beside this assembly: never the current directory, nor the system's search path.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library) return 0;
        var path = Path.Combine(AppContext.BaseDirectory, $"lib{Library}.so");
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException exception)
        {
            throw new NotSupportedException(
                $"Cannot load {path}: {exception.Message} The tensor provider needs libtorch (Debian: libtorch-dev, or LIBTORCH naming an unpacked one).", exception);
        }
    }

    [LibraryImport(Library), SuppressGCTransition] internal static partial int fx_revision();
    [LibraryImport(Library), SuppressGCTransition] internal static partial byte* fx_last_error();
    [LibraryImport(Library), SuppressGCTransition] internal static partial byte* fx_libtorch_version();
    [LibraryImport(Library)] internal static partial int fx_initialize(int threadCount);
    [LibraryImport(Library)] internal static partial int fx_set_num_threads(int count);
    [LibraryImport(Library)] internal static partial int fx_get_num_threads();
    [LibraryImport(Library), SuppressGCTransition] internal static partial int fx_grad_enabled();
    [LibraryImport(Library), SuppressGCTransition] internal static partial void fx_set_grad_enabled(int enabled);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int fx_operator(string name, string overload, out nint handle);
    [LibraryImport(Library)]
    internal static partial int fx_call(nint handle, NativeValue* arguments, int argumentCount, out NativeValue* results, out int resultCount);

    [LibraryImport(Library)] internal static partial void fx_tensor_release(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int fx_tensor_info(nint tensor, out TensorInfo info);
    [LibraryImport(Library)] internal static partial int fx_tensor_data(nint tensor, out nint data);
    [LibraryImport(Library)] internal static partial int fx_requires_grad(nint tensor, out int requiresGrad, out int isLeaf);
    [LibraryImport(Library)] internal static partial int fx_set_requires_grad(nint tensor, int value);
    [LibraryImport(Library)] internal static partial int fx_grad(nint tensor, out nint grad);
    [LibraryImport(Library)] internal static partial int fx_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)]
    internal static partial int fx_backward(nint* tensors, int count, nint* grads, int gradCount, int retainGraph, int createGraph, nint* inputs, int inputCount);
    [LibraryImport(Library)]
    internal static partial int fx_autograd_grad(
        nint* outputs, int count, nint* inputs, int inputCount, nint* grads, int gradCount, int retainGraph, int createGraph, int allowUnused, nint* results);

    [LibraryImport(Library)] internal static partial int fx_generator(int deviceType, int deviceIndex, ulong seed, out nint generator);
    [LibraryImport(Library)] internal static partial int fx_default_generator(int deviceType, int deviceIndex, out nint generator);
    [LibraryImport(Library)] internal static partial void fx_generator_release(nint generator);
    [LibraryImport(Library)] internal static partial int fx_generator_set_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial int fx_generator_seed(nint generator, out ulong seed);
    [LibraryImport(Library)] internal static partial int fx_generator_get_state(nint generator, out nint state);
    [LibraryImport(Library)] internal static partial int fx_generator_set_state(nint generator, nint state);

    [LibraryImport(Library)] internal static partial int fx_cuda_device_count();
    [LibraryImport(Library)] internal static partial int fx_cuda_synchronize(int deviceIndex);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int fx_cuda_is_built();
    [LibraryImport(Library)] internal static partial int fx_cuda_arithmetic(int tf32, int deterministic);
    [LibraryImport(Library)] internal static partial int fx_cuda_use_own_stream(int deviceIndex, out nint stream);
    [LibraryImport(Library)] internal static partial int fx_cuda_graph_create(out nint graph);
    [LibraryImport(Library)] internal static partial void fx_cuda_graph_release(nint graph);
    [LibraryImport(Library)] internal static partial int fx_cuda_graph_begin(nint graph, nint share);
    [LibraryImport(Library)] internal static partial int fx_cuda_graph_end(nint graph);
    [LibraryImport(Library)] internal static partial int fx_cuda_graph_replay(nint graph);
    [LibraryImport(Library)] internal static partial int fx_cuda_memory(int deviceIndex, out long allocated, out long peak, out long reserved);
    [LibraryImport(Library)] internal static partial int fx_cuda_memory_reset_peak(int deviceIndex);
    [LibraryImport(Library)] internal static partial int fx_cuda_memory_trim();
    [LibraryImport(Library)] internal static partial int fx_set_autocast_bfloat16(int deviceType, int enabled);
    [LibraryImport(Library)] internal static partial void fx_memory(out long allocated, out long peak, out long cached);
    [LibraryImport(Library)] internal static partial void fx_memory_reset_peak();
    [LibraryImport(Library)] internal static partial void fx_memory_trim();
}
