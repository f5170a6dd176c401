using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A handle on a libtorch tensor; owns one native reference until disposed.</summary>
    public partial class Tensor : IDisposable
    {
        private static long s_liveCount;
        private static long s_peakCount;

        private nint _handle;
        private long[]? _shape;

        internal Tensor(nint handle)
        {
            if (handle == 0) throw new ExternalException("The operation returned an undefined tensor.");
            _handle = handle;
            Count();
            DisposeScopeManager.ThreadSingleton.Current?.Attach(this);
        }

        /// <summary>Takes over another wrapper's handle and its place in a scope, as Parameter's constructor does.</summary>
        private protected Tensor(Tensor source)
        {
            var scope = source.OwningScope;
            _handle = source.TakeHandle();
            Count();
            scope?.Attach(this);
        }

        ~Tensor() => Release();

        /// <summary>Tensors alive, on all threads.</summary>
        public static long TotalCount => Interlocked.Read(ref s_liveCount);

        public static long PeakCount => Interlocked.Read(ref s_peakCount);

        /// <summary>The native tensor; whoever passes it on keeps this object alive until the call has ended (GC.KeepAlive).</summary>
        public nint Handle => (_handle is not 0 and var handle) ? handle : throw Disposed();

        public bool IsInvalid => _handle == 0;

        public string? name { get; set; }

        internal DisposeScope? OwningScope { get; set; }

        public void Dispose()
        {
            OwningScope?.Detach(this);
            Release();
            GC.SuppressFinalize(this);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(DisposeScope other)
        {
            other.Attach(this);
            return this;
        }

        /// <summary>
        /// Replaces the native tensor, and its gradient, by their conversions, keeping this wrapper (and whoever refers to it) valid.
        /// Integers keep their type; a tensor that fits already is left as it is, and so are its views. To be called under no_grad.
        /// </summary>
        internal void ConvertInPlace(ScalarType? type, Device? device)
        {
            var floating = dtype is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;
            using var converted = to(floating ? type ?? dtype : dtype, device ?? this.device);
            if (converted.Handle == Handle) return;
            var requiresGrad = requires_grad;
            using var gradient = grad;
            NativeMethods.fx_tensor_release(Interlocked.Exchange(ref _handle, converted.TakeHandle()));
            _shape = null;
            requires_grad = requiresGrad;
            if (gradient is null) return;
            gradient.ConvertInPlace(type, device);
            grad = gradient;
        }

        private static InvalidOperationException Disposed() => new("Tensor invalid -- empty handle: it has been disposed.");

        private static void Count()
        {
            var live = Interlocked.Increment(ref s_liveCount);
            for (var peak = Interlocked.Read(ref s_peakCount); live > peak;)
                peak = Interlocked.CompareExchange(ref s_peakCount, live, peak);
        }

        private nint TakeHandle()
        {
            OwningScope?.Detach(this);
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0) throw Disposed();
            Interlocked.Decrement(ref s_liveCount);
            GC.SuppressFinalize(this);
            return handle;
        }

        private void Release()
        {
            var handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0) return;
            Interlocked.Decrement(ref s_liveCount);
            NativeMethods.fx_tensor_release(handle);
        }
    }
}
