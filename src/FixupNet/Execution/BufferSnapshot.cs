using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Execution;

/// <summary>Keeps a module's buffers and puts them back, so that an extra forward pass leaves no trace in running statistics.</summary>
public sealed class BufferSnapshot : IDisposable
{
    private readonly List<(Tensor Buffer, Tensor Copy)> _copies;

    /// <summary>Copies the buffers as they are.</summary>
    /// <param name="module">The module, on any device.</param>
    public BufferSnapshot(nn.Module module) =>
        _copies = [.. module.buffers().Select(buffer => (buffer, buffer.clone().DetachFromDisposeScope()))];

    /// <summary>Restores every buffer.</summary>
    public void Dispose()
    {
        using var mode = no_grad();
        foreach (var (buffer, copy) in _copies)
        {
            buffer.copy_(copy);
            copy.Dispose();
        }
    }
}
