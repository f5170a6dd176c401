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

        /// <summary>Takes over another wrapper's handle, as Parameter's constructor does.</summary>
        private protected Tensor(Tensor source)
        {
            _handle = source.TakeHandle();
            Count();
            DisposeScopeManager.ThreadSingleton.Current?.Attach(this);
        }

        ~Tensor() => Release();

        /// <summary>Tensors alive, on all threads.</summary>
        public static long TotalCount => Interlocked.Read(ref s_liveCount);

        public static long PeakCount => Interlocked.Read(ref s_peakCount);

        public nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle: it has been disposed.");

        public bool IsInvalid => _handle == 0;

        public string? name { get; set; }

        internal DisposeScope? OwningScope { get; set; }

        public void Dispose()
        {
            OwningScope?.MarkAsDisposed(this);
            OwningScope = null;
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
            DetachFromDisposeScope();
            other.Attach(this);
            return this;
        }

        /// <summary>Replaces the native tensor by its conversion, keeping this wrapper (and whoever refers to it) valid.</summary>
        internal void ConvertInPlace(ScalarType? type, Device? device)
        {
            var floating = dtype is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;
            var requiresGrad = requires_grad;
            using var converted = Interop.Aten.Call("to.device", this, device ?? this.device, floating ? type ?? dtype : dtype, false, true);
            using var source = converted.detach();
            var handle = source.TakeHandle();
            NativeMethods.fx_tensor_release(Interlocked.Exchange(ref _handle, handle));
            _shape = null;
            if (requiresGrad) requires_grad = true;
        }

        private static void Count()
        {
            var live = Interlocked.Increment(ref s_liveCount);
            if (live > Interlocked.Read(ref s_peakCount)) Interlocked.Exchange(ref s_peakCount, live);
        }

        private nint TakeHandle()
        {
            var handle = Handle;
            OwningScope?.MarkAsDisposed(this);
            OwningScope = null;
            _handle = 0;
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
