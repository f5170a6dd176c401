using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>The caching CPU allocator's account; TorchSharp has no such thing, so callers ask whether this provider is there.</summary>
public static class CpuMemory
{
    /// <summary>Bytes held by live tensors.</summary>
    public static long AllocatedBytes => Read().Allocated;

    /// <summary>The most <see cref="AllocatedBytes"/> has been since <see cref="ResetPeak"/>.</summary>
    public static long PeakBytes => Read().Peak;

    /// <summary>Bytes of freed blocks kept for reuse.</summary>
    public static long CachedBytes => Read().Cached;

    /// <summary>Starts a new peak at the present level.</summary>
    public static void ResetPeak() => NativeMethods.fx_memory_reset_peak();

    /// <summary>Returns every kept block to the system.</summary>
    public static void Trim() => NativeMethods.fx_memory_trim();

    private static (long Allocated, long Peak, long Cached) Read()
    {
        NativeMethods.fx_memory(out var allocated, out var peak, out var cached);
        return (allocated, peak, cached);
    }
}
