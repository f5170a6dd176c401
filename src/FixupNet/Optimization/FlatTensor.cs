using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Optimization;

/// <summary>One contiguous tensor with a slot for each of a list of tensors, all of one dtype and device.</summary>
/// <remarks>
/// Slots start at multiples of 64 elements, the alignment that vectorized kernels want. The gaps are 0 and stay 0 under any update that
/// maps 0 to 0. A handful of operations on the whole replaces one for each of 35,000 parameters.
/// </remarks>
internal sealed class FlatTensor : IDisposable
{
    private const long Alignment = 64;

    // 16 MiB of float32: large enough that an operation's own cost does not matter.
    private const long PieceLength = 1L << 22;

    /// <summary>Creates the tensor, all 0.</summary>
    /// <exception cref="ArgumentException">The list is empty, or dtypes or devices differ.</exception>
    internal FlatTensor(IReadOnlyList<Tensor> like)
    {
        if (like.Count == 0) throw new ArgumentException("There are no parameters.", nameof(like));
        var (dtype, device) = (like[0].dtype, like[0].device);
        if (like.Any(tensor => tensor.dtype != dtype || tensor.device_type != device.type || tensor.device_index != like[0].device_index))
            throw new ArgumentException("Parameters have different dtypes or devices: move or convert the whole module first.", nameof(like));
        Starts = new long[like.Count + 1];
        for (var i = 0; i < like.Count; i++) Starts[i + 1] = Starts[i] + (like[i].numel() + Alignment - 1) / Alignment * Alignment;
        using var noGradients = no_grad();
        Whole = zeros([Starts[^1]], dtype: dtype, device: device).DetachFromDisposeScope();
        Slots = [.. like.Select((tensor, i) => Slot(Starts[i], tensor))];
    }

    /// <summary>The tensor [total].</summary>
    internal Tensor Whole { get; }

    /// <summary>Views into it, shaped as the tensors it was made for.</summary>
    internal IReadOnlyList<Tensor> Slots { get; }

    /// <summary>Where each slot starts; one more at the end, the total.</summary>
    internal long[] Starts { get; }

    /// <summary>Requires that tensors which were moved into their slots are still there.</summary>
    /// <param name="tensors">As many as there are slots.</param>
    /// <exception cref="InvalidOperationException">They are elsewhere.</exception>
    internal void RequireHolds(IReadOnlyList<Tensor> tensors)
    {
        if (IsInSlot(tensors[0], Slots[0]) && IsInSlot(tensors[^1], Slots[^1])) return;
        throw new InvalidOperationException(
            "The module was moved or converted after its optimizer was made, which would go on with the old parameters: call to(…) first, then make the optimizer.");
    }

    // Whether two wrappers share memory can be seen on the CPU only; elsewhere device and dtype are all that can be compared.
    private static bool IsInSlot(Tensor tensor, Tensor slot)
    {
        if (tensor.IsInvalid || tensor.dtype != slot.dtype || tensor.device_type != slot.device_type || tensor.device_index != slot.device_index) return false;
        return tensor.device_type != DeviceType.CPU || (tensor.is_contiguous() && tensor.bytes.Overlaps(slot.bytes));
    }

    /// <summary>A range in pieces, so that what is computed of each takes little memory.</summary>
    /// <param name="start">Its first element.</param>
    /// <param name="end">The one after its last.</param>
    internal static IEnumerable<(long Start, long Length)> Pieces(long start, long end)
    {
        for (var first = start; first < end; first += PieceLength) yield return (first, Math.Min(PieceLength, end - first));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in Slots) slot.Dispose();
        Whole.Dispose();
    }

    private Tensor Slot(long start, Tensor like)
    {
        using var range = Whole.narrow(0, start, like.numel());
        return range.view(like.shape).DetachFromDisposeScope();
    }
}
