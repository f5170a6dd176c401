using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long[] shape => _shape ??= Copy(Info, lengths: true);

        public ScalarType dtype => (ScalarType)Info.ScalarType;

        public Device device
        {
            get
            {
                var info = Info;
                return new Device((DeviceType)info.DeviceType, info.DeviceIndex);
            }
        }

        public DeviceType device_type => (DeviceType)Info.DeviceType;

        public int device_index => Info.DeviceIndex;

        public long ndim => Info.DimensionCount;

        public long Dimensions => Info.DimensionCount;

        public long NumberOfElements => Info.ElementCount;

        public long ElementSize => Info.ElementSize;

        public bool is_cuda => device_type == DeviceType.CUDA;

        public bool is_meta => device_type == DeviceType.META;

        public bool is_leaf => ReadGradFlags().IsLeaf;

        public bool requires_grad
        {
            get => ReadGradFlags().RequiresGrad;
            set
            {
                var status = NativeMethods.fx_set_requires_grad(Handle, value ? 1 : 0);
                GC.KeepAlive(this);
                NativeMethods.Check(status);
            }
        }

        /// <summary>The accumulated gradient, in a wrapper made at each call; null before any backward pass.</summary>
        public Tensor? grad
        {
            get
            {
                var status = NativeMethods.fx_grad(Handle, out var handle);
                GC.KeepAlive(this);
                NativeMethods.Check(status);
                return handle == 0 ? null : new Tensor(handle);
            }
            set
            {
                var status = NativeMethods.fx_set_grad(Handle, value?.Handle ?? 0);
                GC.KeepAlive(this);
                GC.KeepAlive(value);
                NativeMethods.Check(status);
            }
        }

        /// <summary>
        /// The elements of a contiguous CPU tensor, in place. The span does not keep the tensor alive: hold the tensor by a scope, a using
        /// or a field while the span is in use.
        /// </summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                var info = Info;
                if (info.DeviceType != (int)DeviceType.CPU) throw new NotSupportedException("bytes needs a tensor on the CPU: call cpu() first.");
                if (info.IsContiguous == 0) throw new InvalidOperationException("bytes needs a contiguous tensor: call contiguous() first.");
                var status = NativeMethods.fx_tensor_data(Handle, out var data);
                GC.KeepAlive(this);
                NativeMethods.Check(status);
                return new Span<byte>((void*)data, checked((int)(info.ElementCount * info.ElementSize)));
            }
            set
            {
                var target = bytes;
                if (value.Length != target.Length) throw new ArgumentException($"bytes is {value.Length} long; must be {target.Length}.", nameof(value));
                value.CopyTo(target);
                GC.KeepAlive(this);
            }
        }

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public long dim() => Dimensions;

        public long[] size() => shape;

        public long size(int dim) => shape[dim < 0 ? dim + shape.Length : dim];

        public long[] stride() => Copy(Info, lengths: false);

        public bool is_contiguous() => Info.IsContiguous != 0;

        private TensorInfo Info
        {
            get
            {
                var status = NativeMethods.fx_tensor_info(Handle, out var info);
                GC.KeepAlive(this);
                NativeMethods.Check(status);
                return info;
            }
        }

        // The lengths and strides lie in the native tensor, which must live until they are copied.
        private unsafe long[] Copy(TensorInfo info, bool lengths)
        {
            var copy = new ReadOnlySpan<long>(lengths ? info.Sizes : info.Strides, info.DimensionCount).ToArray();
            GC.KeepAlive(this);
            return copy;
        }

        private (bool RequiresGrad, bool IsLeaf) ReadGradFlags()
        {
            var status = NativeMethods.fx_requires_grad(Handle, out var requiresGrad, out var isLeaf);
            GC.KeepAlive(this);
            NativeMethods.Check(status);
            return (requiresGrad != 0, isLeaf != 0);
        }

        public T item<T>() where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException($"item() needs one element, the tensor has {NumberOfElements}.");
            if (ElementTypes.Of(typeof(T)) != dtype) throw new ArgumentException($"item<{typeof(T).Name}>() on a tensor of {dtype}.");
            using var onCpu = cpu();
            using var dense = onCpu.contiguous();
            return MemoryMarshal.Read<T>(dense.bytes);
        }

        /// <summary>A copy of the elements, in row-major order.</summary>
        public Utils.TensorAccessor<T> data<T>() where T : unmanaged => new(this);

        public override string ToString() => $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";
    }
}
