using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>What TorchSharp has no name for on an NVIDIA card: the stream, how it rounds, bfloat16 where it pays, its memory, addresses.</summary>
public static class CudaRuntime
{
    /// <summary>Whether this provider was built with CUDA; without it the members that need CUDA throw.</summary>
    public static bool IsBuilt => NativeMethods.fx_cuda_is_built() != 0;

    /// <summary>Queues this thread's work on a stream of its own from now on, for the default stream cannot be captured.</summary>
    /// <param name="index">The card.</param>
    /// <returns>The stream, a cudaStream_t.</returns>
    public static nint UseOwnStream(int index)
    {
        NativeMethods.Check(NativeMethods.fx_cuda_use_own_stream(index, out var stream));
        return stream;
    }

    /// <summary>Chooses how CUDA rounds.</summary>
    /// <param name="tf32">Products of float32 numbers in TF32: 10 bits of mantissa.</param>
    /// <param name="deterministic">The same algorithms, so the same bits, at every run; otherwise the fastest.</param>
    public static void SetArithmetic(bool tf32, bool deterministic) =>
        NativeMethods.Check(NativeMethods.fx_cuda_arithmetic(tf32 ? 1 : 0, deterministic ? 1 : 0));

    /// <summary>Within the scope, operations that gain from bfloat16 are computed in it, on this thread.</summary>
    /// <param name="device">Kind of device.</param>
    public static IDisposable AutocastBFloat16(DeviceType device) => new AutocastScope(device);

    /// <summary>Where a tensor's first element is, in the memory of its device.</summary>
    /// <param name="tensor">A tensor, which must be kept alive while the address is in use.</param>
    public static nint AddressOf(torch.Tensor tensor)
    {
        var status = NativeMethods.fx_tensor_data(tensor.Handle, out var data);
        GC.KeepAlive(tensor);
        NativeMethods.Check(status);
        return data;
    }

    /// <summary>Bytes held by live tensors on a card.</summary>
    public static long AllocatedBytes(int index) => Memory(index).Allocated;

    /// <summary>The most <see cref="AllocatedBytes"/> has been since <see cref="ResetPeak"/>.</summary>
    public static long PeakBytes(int index) => Memory(index).Peak;

    /// <summary>Bytes that the provider has taken from the card, for tensors that live or are to come.</summary>
    public static long ReservedBytes(int index) => Memory(index).Reserved;

    /// <summary>Starts a new peak at the present level.</summary>
    public static void ResetPeak(int index) => NativeMethods.Check(NativeMethods.fx_cuda_memory_reset_peak(index));

    /// <summary>Returns what no tensor holds to the card.</summary>
    public static void Trim() => NativeMethods.Check(NativeMethods.fx_cuda_memory_trim());

    private static (long Allocated, long Peak, long Reserved) Memory(int index)
    {
        NativeMethods.Check(NativeMethods.fx_cuda_memory(index, out var allocated, out var peak, out var reserved));
        return (allocated, peak, reserved);
    }

    private sealed class AutocastScope : IDisposable
    {
        private readonly DeviceType _device;

        internal AutocastScope(DeviceType device)
        {
            _device = device;
            NativeMethods.Check(NativeMethods.fx_set_autocast_bfloat16((int)device, 1));
        }

        public void Dispose() => NativeMethods.Check(NativeMethods.fx_set_autocast_bfloat16((int)_device, 0));
    }
}
