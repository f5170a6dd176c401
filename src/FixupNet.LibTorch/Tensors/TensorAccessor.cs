using System.Runtime.InteropServices;

namespace TorchSharp.Utils;

/// <summary>Typed access to a tensor's elements in row-major order.</summary>
public sealed class TensorAccessor<T> where T : unmanaged
{
    private readonly torch.Tensor _tensor;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (tensor.dtype != ElementTypes.Of(typeof(T))) throw new ArgumentException($"data<{typeof(T).Name}>() on a tensor of {tensor.dtype}.");
        _tensor = tensor;
    }

    public long Count => _tensor.NumberOfElements;

    public T[] ToArray()
    {
        using var onCpu = _tensor.cpu();
        using var dense = onCpu.contiguous();
        return MemoryMarshal.Cast<byte, T>(dense.bytes).ToArray();
    }

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0) =>
        ToArray().AsSpan((int)tensorIndex).CopyTo(array[arrayIndex..]);
}
