using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public unsafe long[] shape => _shape ??= new ReadOnlySpan<long>(Info.Sizes, Info.DimensionCount).ToArray();

        public ScalarType dtype => (ScalarType)Info.ScalarType;

        public Device device => Info is var info ? new Device((DeviceType)info.DeviceType, info.DeviceIndex) : null!;

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
            set => NativeMethods.Check(NativeMethods.fx_set_requires_grad(Handle, value ? 1 : 0));
        }

        /// <summary>The accumulated gradient, in a wrapper made at each call; null before any backward pass.</summary>
        public Tensor? grad
        {
            get
            {
                NativeMethods.Check(NativeMethods.fx_grad(Handle, out var handle));
                return handle == 0 ? null : new Tensor(handle);
            }
            set => NativeMethods.Check(NativeMethods.fx_set_grad(Handle, value?.Handle ?? 0));
        }

        /// <summary>The elements of a contiguous CPU tensor, in place.</summary>
        public unsafe Span<byte> bytes
        {
            get
            {
                var info = Info;
                if (info.DeviceType != (int)DeviceType.CPU) throw new NotSupportedException("bytes needs a tensor on the CPU: call cpu() first.");
                if (info.IsContiguous == 0) throw new InvalidOperationException("bytes needs a contiguous tensor: call contiguous() first.");
                NativeMethods.Check(NativeMethods.fx_tensor_data(Handle, out var data));
                return new Span<byte>((void*)data, checked((int)(info.ElementCount * info.ElementSize)));
            }
            set
            {
                var target = bytes;
                if (value.Length != target.Length) throw new ArgumentException($"bytes is {value.Length} long; must be {target.Length}.", nameof(value));
                value.CopyTo(target);
            }
        }

        public long numel() => NumberOfElements;

        public long element_size() => ElementSize;

        public long dim() => Dimensions;

        public long[] size() => shape;

        public long size(int dim) => shape[dim < 0 ? dim + shape.Length : dim];

        public unsafe long[] stride() => new ReadOnlySpan<long>(Info.Strides, Info.DimensionCount).ToArray();

        public bool is_contiguous() => Info.IsContiguous != 0;

        private TensorInfo Info
        {
            get
            {
                NativeMethods.Check(NativeMethods.fx_tensor_info(Handle, out var info));
                return info;
            }
        }

        private (bool RequiresGrad, bool IsLeaf) ReadGradFlags()
        {
            NativeMethods.Check(NativeMethods.fx_requires_grad(Handle, out var requiresGrad, out var isLeaf));
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
