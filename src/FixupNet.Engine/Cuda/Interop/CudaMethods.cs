using System.Runtime.InteropServices;
using FixupNet.Engine.Interop;

namespace FixupNet.Engine.Cuda.Interop;

/// <summary>The exports of the CUDA kernels, native/cuda/exports.cu. Pointers are the device's unless said otherwise.</summary>
internal static unsafe partial class CudaMethods
{
    private const string Library = NativeLibraries.Cuda;
    private const int Revision = 4;

    /// <summary>Why the kernels cannot be used here; null where they can.</summary>
    internal static string? Unavailable { get; }

    // Not an initializer: it must have run before the first call of an export.
    static CudaMethods() => Unavailable = NativeLibraries.ProblemOf(
        Library, "Linux, the LibTorch tensor provider and CUDA's compiler nvcc", fixupnet_cuda_revision, Revision);

    internal static void Check(int status)
    {
        if (status != 0) throw new ExternalException($"The CUDA kernels: {Marshal.PtrToStringUTF8((nint)fixupnet_cuda_error())}.");
    }

    [LibraryImport(Library)] private static partial int fixupnet_cuda_revision();
    [LibraryImport(Library)] private static partial byte* fixupnet_cuda_error();

    [LibraryImport(Library)] internal static partial int fixupnet_cuda_has_shape(int channels, int width, int height);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_convolution_blocks(int images, int height);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_end_blocks(int channels);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_enter_blocks(long elements);

    [LibraryImport(Library)]
    internal static partial int fixupnet_cuda_convolve(nint stream, ConvolutionPass pass, int channels, int width, int images, in ConvolutionArguments arguments);
    [LibraryImport(Library)]
    internal static partial int fixupnet_cuda_weight_gradient(nint stream, int channels, int width, int parts, in WeightGradientArguments arguments);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_end_weight_gradient(nint stream, in GradientEnd end);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_pack_weights(nint stream, nint layers, int count);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_enter(nint stream, nint values, nint copy, long elements);
    [LibraryImport(Library)]
    internal static partial int fixupnet_cuda_enter_backward(nint stream, nint gradient, nint output, nint values, nint copy, nint sums, long elements);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_end_scalars(nint stream, nint scalars, int count);
    [LibraryImport(Library)]
    internal static partial int fixupnet_cuda_norms(
        nint stream, nint gradients, int isDouble, nint pieces, int pieceCount, nint first, int count, nint squares, nint results, nint rule);
    [LibraryImport(Library)]
    internal static partial int fixupnet_cuda_sgd(
        nint stream, nint weights, nint gradients, nint velocities, int isDouble, nint rates, nint results, in SgdArguments arguments);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_settle(nint stream, nint results, nint rule);

    [LibraryImport(Library)] internal static partial int fixupnet_cuda_use_device(int device);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_stream_create(out nint stream);
    [LibraryImport(Library)] internal static partial void fixupnet_cuda_stream_destroy(nint stream);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_event_create(out nint @event);
    [LibraryImport(Library)] internal static partial void fixupnet_cuda_event_destroy(nint @event);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_event_record(nint @event, nint stream);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_stream_wait(nint stream, nint @event);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_event_synchronize(nint @event);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_event_milliseconds(nint from, nint to, out float milliseconds);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_pinned_create(long bytes, out nint memory);
    [LibraryImport(Library)] internal static partial void fixupnet_cuda_pinned_destroy(nint memory);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_copy(nint stream, nint target, nint source, long bytes);
    [LibraryImport(Library)] internal static partial int fixupnet_cuda_memory(out long freeBytes, out long totalBytes);
}
