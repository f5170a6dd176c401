using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Methods;
using FixupNet.Registries;
using FixupNet.Residual;

namespace FixupNet.Architectures;

/// <summary>What lets a Transformer's words see each other.</summary>
public enum SequenceMixer
{
    /// <summary>Self-attention.</summary>
    Attention,

    /// <summary>A convolution whose taps are learned (arXiv:1901.10430).</summary>
    Lightweight,

    /// <summary>A convolution whose taps each position makes itself (arXiv:1901.10430).</summary>
    Dynamic,
}

/// <summary>Which embeddings are one tensor.</summary>
public enum EmbeddingSharing
{
    /// <summary>None.</summary>
    None,

    /// <summary>The decoder's and the output's.</summary>
    Output,

    /// <summary>All three; needs one vocabulary for both languages.</summary>
    All,
}

/// <summary>Options of the "transformer" model.</summary>
/// <param name="Variant">The method, which bounds the signal; null for Fixup.</param>
/// <param name="Depth">Layers of the encoder, in 1 … 10,000, and of the decoder where <paramref name="DecoderDepth"/> does not say otherwise.</param>
/// <param name="DecoderDepth">Layers of the decoder; null for as many as the encoder's.</param>
/// <param name="Width">d, channels, even and at least 4.</param>
/// <param name="FeedForward">Channels inside a feed-forward sub-layer; null for twice <paramref name="Width"/>.</param>
/// <param name="Heads">Heads of attention and of convolutions; they divide <paramref name="Width"/>.</param>
/// <param name="Mixer">What stands in place of self-attention.</param>
/// <param name="Kernel">Taps of a convolution, in 1 … 1023.</param>
/// <param name="Gate">Whether a gated linear unit stands before a convolution.</param>
/// <param name="Dropout">Probability that an element of a sub-layer's or embedding's output is dropped in training, in [0, 1).</param>
/// <param name="Sharing">Which embeddings are one tensor.</param>
/// <param name="CrossAttention">Whether the decoder attends to the words of the source; if not, it sees their mean.</param>
public sealed record TransformerOptions(
    [property: Description("What bounds the signal: the method.")] Method? Variant = null,
    [property: Description("Layers of the encoder, and of the decoder unless decoderDepth says otherwise."), Range(1, 10_000)] int Depth = 3,
    [property: Description("Layers of the decoder; null: as the encoder."), Range(1, 10_000)] int? DecoderDepth = null,
    [property: Description("Channels, even."), Range(4, 16_384)] int Width = 256,
    [property: Description("Channels inside a feed-forward sub-layer; null: twice the width."), Range(1, 65_536)] int? FeedForward = null,
    [property: Description("Heads of attention and of convolutions; they divide the width."), Range(1, 1024)] int Heads = 4,
    [property: Description("What stands in place of self-attention.")] SequenceMixer Mixer = SequenceMixer.Attention,
    [property: Description("Taps of a convolution."), Range(1, 1023)] int Kernel = 3,
    [property: Description("A gated linear unit before a convolution.")] bool Gate = false,
    [property: Description("Probability that an element of a sub-layer's output is dropped in training."), Range(0.0, 0.999)] double Dropout = 0,
    [property: Description("Which embeddings are one tensor.")] EmbeddingSharing Sharing = EmbeddingSharing.None,
    [property: Description("The decoder attends to the words of the source; false: it sees their mean."), AddedLater] bool CrossAttention = true) : IValidatedOptions
{
    /// <summary>The method.</summary>
    internal Method Method => Variant ?? new FixupMethod();

    /// <summary>Layers of both sides.</summary>
    internal StackDepths Depths => new(Depth, DecoderDepth ?? Depth);

    /// <inheritdoc/>
    public IEnumerable<(string Member, string Message)> Validate()
    {
        if (Width % 2 != 0) yield return (nameof(Width), $"is {Width}; must be even: half of the channels hold sines of the position, half cosines");
        if (Width % Heads != 0) yield return (nameof(Heads), $"is {Heads}; must divide the width, {Width}");
        if (Gate && Mixer == SequenceMixer.Attention) yield return (nameof(Gate), "stands before a convolution: choose the mixer \"lightweight\" or \"dynamic\", or leave it out");
        foreach (var problem in MethodInput.Validate(Method, InputKind.Sentences)) yield return problem;
    }
}
