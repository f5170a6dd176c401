using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace FixupNet.Sequences;

/// <summary>What a decoder without attention sees of the source: the mean of its words, the same for every word of the target.</summary>
/// <param name="Name">State-dict path.</param>
/// <param name="Value">What is averaged [d,d].</param>
/// <param name="Output">[d,d].</param>
/// <param name="Context">The batch.</param>
/// <remarks>It does not depend on its input, so a layer normalization or a shift before it learns nothing.</remarks>
internal sealed record MeanOfSourceStep(string Name, WeightLayer Value, WeightLayer Output, SequenceContext Context) : OpaqueStep
{
    /// <inheritdoc/>
    public override IReadOnlyList<WeightLayer> Layers => [Value, Output];

    // The values of the source; the mean is small.
    /// <inheritdoc/>
    public override long KeptBeside(long channels, long positions) => positions * channels;

    /// <summary>Averages.</summary>
    /// <param name="input">Activations [N,T,d].</param>
    /// <returns>Fresh tensor [N,T,d].</returns>
    public override Tensor Run(Tensor input)
    {
        using var scope = NewDisposeScope();
        var name = $"{Name} mean";
        var mean = Context.Cache?.Find(name) ?? Mean();
        Context.Cache?.Keep(name, mean);
        return F.linear(mean, Output.Weight, Output.Bias).expand(input.shape).clone().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}, the mean of the source";

    /// <inheritdoc/>
    protected override OpaqueStep WithParameters(Func<Parameter, Parameter> current) => this with { Value = Value.With(current), Output = Output.With(current) };

    // [N,1,d], pads left out.
    private Tensor Mean()
    {
        var read = Context.Memory ?? throw new InvalidOperationException("No source was read: the encoder comes before the decoder.");
        var pads = Context.SourcePads.unsqueeze(2);
        var words = (1 - pads.to(read.dtype)).sum(1, keepdim: true);
        return F.linear(read, Value.Weight, Value.Bias).masked_fill(pads, 0.0).sum(1, keepdim: true) / words;
    }
}
