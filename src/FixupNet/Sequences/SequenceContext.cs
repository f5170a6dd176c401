using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Sequences;

/// <summary>What the steps of a network that translates know of the batch that passes through: the source's pads, what was read, what was decoded before.</summary>
internal sealed class SequenceContext
{
    private Tensor? _sourcePads;
    private Tensor? _positions;

    /// <summary>Where the source has pads [N,S], true there.</summary>
    internal Tensor SourcePads
    {
        get => _sourcePads ?? throw new InvalidOperationException("No source was read: the encoder comes before the decoder.");
        set
        {
            // It outlives the pass that set it, for a segment may be computed again.
            if (ReferenceEquals(_sourcePads, value)) return;
            _sourcePads?.Dispose();
            _sourcePads = value.alias().DetachFromDisposeScope();
        }
    }

    /// <summary>What the encoder gave [N,S,d]; belongs to who set it.</summary>
    internal Tensor? Memory { get; set; }

    /// <summary>What was decoded before; null where a whole sentence is decoded at once.</summary>
    internal DecodeCache? Cache { get; set; }

    /// <summary>The sinusoids of positions 0 … count − 1, of which pads have 0 and the first word 2 [count,d].</summary>
    /// <remarks>All sines first, then all cosines, as in fairseq and tensor2tensor; pads have zeros.</remarks>
    internal Tensor Positions(long count, long width, ScalarType dtype, Device device)
    {
        if (_positions is { } known && known.shape[0] >= count && known.dtype == dtype && known.device_type == device.type) return known;
        _positions?.Dispose();
        var (rows, half) = ((int)Math.Max(count, 256), (int)width / 2);
        var values = new double[rows * (int)width];
        for (var position = 1 + Symbols.Pad; position < rows; position++)
        {
            for (var j = 0; j < half; j++)
            {
                var angle = position * Math.Exp(j * (-Math.Log(10000) / (half - 1)));
                (values[position * width + j], values[position * width + half + j]) = (Math.Sin(angle), Math.Cos(angle));
            }
        }
        using var scope = NewDisposeScope();
        return _positions = tensor(values, [rows, width]).to(dtype, device).DetachFromDisposeScope();
    }
}
