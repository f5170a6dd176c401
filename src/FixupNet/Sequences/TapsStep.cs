using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace FixupNet.Sequences;

/// <summary>A lightweight or dynamic convolution: each head has one kernel for all its channels, whose taps sum to 1.</summary>
/// <param name="Taps">The taps [heads,1,K]; or, where each position makes its own, what makes them [heads·K,d].</param>
/// <param name="HeadCount">Heads, which divide d; a head's channels are neighbours.</param>
/// <param name="Kernel">K.</param>
/// <param name="Side">The encoder's convolution is centred; the decoder's ends with the present word.</param>
/// <param name="Context">The batch.</param>
/// <remarks>
/// arXiv:1901.10430: y[t,c] = Σ_k a[k] x[t+k−P,c], a = softmax over K taps, P = ⌊K/2⌋ in the encoder and K − 1 in the decoder, zeros outside. The source's
/// pads are set to 0 first, so they change no real word's result.
/// </remarks>
internal sealed record TapsStep(WeightLayer Taps, int HeadCount, int Kernel, NetworkSide Side, SequenceContext Context) : OpaqueStep
{
    /// <inheritdoc/>
    public override IReadOnlyList<WeightLayer> Layers => [Taps];

    // What goes in with zeros around it, and the taps.
    /// <inheritdoc/>
    public override long KeptBeside(long channels, long positions) => positions * channels + (IsDynamic ? positions * HeadCount * Kernel : 0);

    /// <summary>Convolves.</summary>
    /// <param name="input">Activations [N,T,d].</param>
    /// <returns>Fresh tensor [N,T,d].</returns>
    public override Tensor Run(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (count, length, width) = (input.shape[0], input.shape[1], input.shape[2]);
        if (Side == NetworkSide.Encoder) input = input.masked_fill(Context.SourcePads.unsqueeze(2), 0.0);
        var taps = TapsOf(input);
        var padded = Padded(input).view(count, -1, HeadCount, width / HeadCount);
        Tensor? sum = null;
        for (var k = 0; k < Kernel; k++)
        {
            var tap = taps.narrow(3, k, 1) * padded.narrow(1, k, length);
            sum = sum is null ? tap : sum.add_(tap);
        }
        return sum!.reshape(count, length, width).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Taps.Name}, a {(IsDynamic ? "dynamic" : "lightweight")} convolution of {Kernel} taps";

    /// <inheritdoc/>
    protected override OpaqueStep WithParameters(Func<Parameter, Parameter> current) => this with { Taps = Taps.With(current) };

    private bool IsDynamic => Taps.Weight.shape.Length == 2;

    // [N,T,heads,K], or [1,1,heads,K] where they are the same everywhere.
    private Tensor TapsOf(Tensor input) => (IsDynamic
        ? F.linear(input, Taps.Weight).view(input.shape[0], input.shape[1], HeadCount, Kernel)
        : Taps.Weight.view(1, 1, HeadCount, Kernel)).softmax(3);

    // The words that the first and last positions see beside those given.
    private Tensor Padded(Tensor input)
    {
        if (Side == NetworkSide.Encoder) return F.pad(input, [0L, 0L, Kernel / 2, Kernel - 1 - Kernel / 2]);
        if (Context.Cache is not { } cache) return F.pad(input, [0L, 0L, Kernel - 1, 0L]);
        var all = cache.Find(Taps.Name) is { } before ? cat([before, input], 1) : F.pad(input, [0L, 0L, Kernel - 1, 0L]);
        cache.Keep(Taps.Name, all.narrow(1, input.shape[1], Kernel - 1).clone());
        return all;
    }
}
