using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Sequences;

/// <summary>A gated linear unit: the first half of the channels times the logistic function of the second.</summary>
/// <remarks>arXiv:1612.08083. It halves a signal whose gate is 0.</remarks>
internal sealed record GateStep : OpaqueStep
{
    /// <inheritdoc/>
    public override IReadOnlyList<WeightLayer> Layers => [];

    /// <inheritdoc/>
    public override long ChannelsAfter(long channels) => channels / 2;

    /// <inheritdoc/>
    public override long KeptBeside(long channels, long positions) => positions * channels / 2;

    /// <summary>Gates.</summary>
    /// <param name="input">Activations [N,T,2d].</param>
    /// <returns>Fresh tensor [N,T,d].</returns>
    public override Tensor Run(Tensor input)
    {
        using var scope = NewDisposeScope();
        var width = input.shape[2] / 2;
        return (input.narrow(2, 0, width) * input.narrow(2, width, width).sigmoid()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => "a gated linear unit";

    /// <inheritdoc/>
    protected override OpaqueStep WithParameters(Func<Parameter, Parameter> current) => this;
}
