using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static unsafe string __version__ => Marshal.PtrToStringUTF8((nint)NativeMethods.fx_libtorch_version())!;

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.New();

    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.Current;

    public static void set_num_threads(int num) => NativeMethods.Check(NativeMethods.fx_set_num_threads(num));

    public static int get_num_threads() => NativeMethods.fx_get_num_threads();

    public static bool is_grad_enabled() => NativeMethods.fx_grad_enabled() != 0;

    public static IDisposable no_grad() => set_grad_enabled(false);

    public static IDisposable enable_grad(bool enabled = true) => set_grad_enabled(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradModeScope(mode);

    public static bool cuda_is_available() => cuda.is_available();

    /// <summary>Gradient mode of this thread, restored at the end of the scope.</summary>
    private sealed class GradModeScope : IDisposable
    {
        private readonly bool _previous = is_grad_enabled();

        internal GradModeScope(bool mode) => NativeMethods.fx_set_grad_enabled(mode ? 1 : 0);

        public void Dispose() => NativeMethods.fx_set_grad_enabled(_previous ? 1 : 0);
    }

    public static Generator manual_seed(long seed) => Generator.Default.Seeded(seed);

    public static class random
    {
        public static Tensor get_rng_state()
        {
            using var generator = Generator.Default;
            return generator.get_state();
        }

        public static void set_rng_state(Tensor new_state)
        {
            using var generator = Generator.Default;
            generator.set_state(new_state);
        }

        public static long initial_seed()
        {
            using var generator = Generator.Default;
            return generator.initial_seed();
        }
    }

    public static class cuda
    {
        public static bool is_available() => device_count() > 0;

        public static int device_count() => NativeMethods.fx_cuda_device_count();

        public static void synchronize(Device? device = null) => NativeMethods.Check(NativeMethods.fx_cuda_synchronize(Math.Max(0, device?.index ?? 0)));
    }

    public sealed class Generator : IDisposable
    {
        private nint _handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            this.device = device ?? CPU;
            NativeMethods.Check(NativeMethods.fx_generator((int)this.device.type, Math.Max(0, this.device.index), seed, out _handle));
        }

        private Generator(nint handle) => (_handle, device) = (handle, CPU);

        ~Generator() => Release();

        public static Generator Default
        {
            get
            {
                NativeMethods.Check(NativeMethods.fx_default_generator((int)DeviceType.CPU, 0, out var handle));
                return new(handle);
            }
        }

        public Device device { get; }

        public nint Handle => (_handle is not 0 and var handle) ? handle : throw new ObjectDisposedException(nameof(Generator));

        public Generator manual_seed(long seed) => Seeded(seed);

        public long initial_seed()
        {
            var status = NativeMethods.fx_generator_seed(Handle, out var seed);
            GC.KeepAlive(this);
            NativeMethods.Check(status);
            return (long)seed;
        }

        public Tensor get_state()
        {
            var status = NativeMethods.fx_generator_get_state(Handle, out var state);
            GC.KeepAlive(this);
            NativeMethods.Check(status);
            return new(state);
        }

        public void set_state(Tensor value)
        {
            var status = NativeMethods.fx_generator_set_state(Handle, value.Handle);
            GC.KeepAlive(this);
            GC.KeepAlive(value);
            NativeMethods.Check(status);
        }

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }

        internal Generator Seeded(long seed)
        {
            NativeMethods.Check(NativeMethods.fx_generator_set_seed(Handle, (ulong)seed));
            return this; // which also keeps this object alive during the call
        }

        private void Release()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle != 0) NativeMethods.fx_generator_release(handle);
        }
    }
}
