using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Sequences;

/// <summary>√d times each symbol's row, plus the sinusoids of its position.</summary>
/// <param name="Table">Rows [V,d].</param>
/// <param name="Side">Whose words they are.</param>
/// <param name="Context">The batch.</param>
/// <remarks>arXiv:1706.03762, Sec. 3.4 and 3.5, in fairseq's form: positions count real words from 2 on, pads have zeros.</remarks>
internal sealed record EmbedStep(WeightLayer Table, NetworkSide Side, SequenceContext Context) : OpaqueStep
{
    /// <inheritdoc/>
    public override IReadOnlyList<WeightLayer> Layers => [Table];

    /// <inheritdoc/>
    public override bool KeepsInput => false;

    /// <inheritdoc/>
    public override long ChannelsAfter(long channels) => Table.Weight.shape[1];

    /// <inheritdoc/>
    public override long KeptBeside(long channels, long positions) => 0;

    /// <summary>Looks symbols up.</summary>
    /// <param name="input">Symbols [N,T], int64.</param>
    /// <returns>Fresh tensor [N,T,d].</returns>
    public override Tensor Run(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (count, length, width) = (input.shape[0], input.shape[1], Table.Weight.shape[1]);
        if (Side == NetworkSide.Encoder) Context.SourcePads = input.eq(Symbols.Pad);
        var seen = Side == NetworkSide.Decoder ? Context.Cache?.Length ?? 0 : 0;
        var real = input.ne(Symbols.Pad).to(ScalarType.Int64);
        var places = (real.cumsum(1) + (seen + Symbols.Pad)) * real;
        var sinusoids = Context.Positions(seen + length + Symbols.Pad + 1, width, Table.Weight.dtype, input.device).index_select(0, places.reshape(-1));
        var rows = Table.Weight.index_select(0, input.reshape(-1)) * Math.Sqrt(width);
        return rows.add_(sinusoids).view(count, length, width).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Table.Name}, an embedding";

    /// <inheritdoc/>
    protected override OpaqueStep WithParameters(Func<Parameter, Parameter> current) => this with { Table = Table.With(current) };
}
