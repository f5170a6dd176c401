using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training;

/// <summary>Keeps a module's buffers and puts them back, so that an extra forward pass leaves no trace in running statistics.</summary>
internal sealed class BufferSnapshot : IDisposable
{
    private readonly List<(Tensor Buffer, Tensor Copy)> _copies;

    internal BufferSnapshot(nn.Module module) =>
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
