using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine.Cuda;

/// <summary>Memory of the device, handed out from its start; a tensor of the provider, so that its allocator knows of it.</summary>
internal sealed class DeviceMemory : IDisposable
{
    // What the widest vector loads and the allocators of both sides agree on.
    private const long Alignment = 256;

    private readonly List<Tensor> _tensors = [];
    private readonly Device _device;

    internal DeviceMemory(Device device) => _device = device;

    /// <summary>Bytes handed out.</summary>
    internal long Bytes { get; private set; }

    /// <summary>A tensor of zeros that lives as long as this object.</summary>
    internal Tensor Zeros(ScalarType type, params long[] shape)
    {
        var made = zeros(shape, type, _device).DetachFromDisposeScope();
        _tensors.Add(made);
        Bytes += made.numel() * made.element_size();
        return made;
    }

    /// <summary>So many bytes, 0, at an aligned address.</summary>
    internal nint Take(long bytes)
    {
        var address = CudaRuntime.AddressOf(Zeros(ScalarType.Byte, Math.Max(1, bytes) + Alignment));
        return (address + (nint)Alignment - 1) & ~((nint)Alignment - 1);
    }

    /// <summary>A copy of an array of structures.</summary>
    internal nint Copy<T>(ReadOnlySpan<T> items) where T : unmanaged
    {
        using var scope = NewDisposeScope();
        var bytes = MemoryMarshal.AsBytes(items).ToArray();
        if (bytes.Length == 0) return 0;
        var copy = tensor(bytes, [bytes.Length]).to(_device).DetachFromDisposeScope();
        _tensors.Add(copy);
        Bytes += bytes.Length;
        return CudaRuntime.AddressOf(copy);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var held in _tensors) held.Dispose();
        _tensors.Clear();
    }
}
