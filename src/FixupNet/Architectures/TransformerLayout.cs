using FixupNet.Methods;
using FixupNet.Residual;
using FixupNet.Sequences;

namespace FixupNet.Architectures;

/// <summary>The geometry of an encoder–decoder Transformer: arXiv:1706.03762, or with convolutions as in arXiv:1901.10430.</summary>
/// <param name="options">Its options.</param>
/// <param name="context">What its steps know of a batch.</param>
/// <param name="draws">What dropout draws from.</param>
/// <remarks>State-dict names are fairseq's, of the fork published with Fixup where there are no biases.</remarks>
internal sealed class TransformerLayout(TransformerOptions options, SequenceContext context, DropDraws draws)
{
    private const string EncoderName = "encoder";
    private const string DecoderName = "decoder";

    private int _index;

    private int Count => 2 * options.Depths.Encoder + 3 * options.Depths.Decoder;

    /// <summary>The network as its method dresses it.</summary>
    internal ResidualTopology Dress(int sourceVocabulary, int targetVocabulary)
    {
        var method = options.Method;
        var source = Table($"{EncoderName}.embed_tokens", sourceVocabulary);
        var target = options.Sharing == EmbeddingSharing.All ? source : Table($"{DecoderName}.embed_tokens", targetVocabulary);
        var output = options.Sharing == EmbeddingSharing.None
            ? new WeightLayer($"{DecoderName}.embed_out", ParameterFactory.Constant(0.0, targetVocabulary, options.Width)) { WeightName = $"{DecoderName}.embed_out" }
            : target;
        return ResidualTopology.Of(
            Embed(source, NetworkSide.Encoder),
            [.. Layers(NetworkSide.Encoder, EncoderName, options.Depths.Encoder), .. Layers(NetworkSide.Decoder, DecoderName, options.Depths.Decoder)],
            [.. method.StackEnd(NetworkSide.Decoder, DecoderName, options.Width), new LinearStep(output)],
            method.ScalarRoles,
            [.. method.StackEnd(NetworkSide.Encoder, EncoderName, options.Width), .. Embed(target, NetworkSide.Decoder)]);
    }

    private List<Step> Embed(WeightLayer table, NetworkSide side) =>
        [new EmbedStep(table, side, context), .. Dropped($"{(side == NetworkSide.Encoder ? EncoderName : DecoderName)}.embedding")];

    private IEnumerable<ResidualBranch> Layers(NetworkSide side, string stack, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var layer = new SequenceLayer($"{stack}.layers.{i}", side, options.Depths);
            foreach (var bare in Sublayers(layer)) yield return options.Method.Sublayer(bare);
        }
    }

    private IEnumerable<BareSublayer> Sublayers(SequenceLayer layer)
    {
        var isDecoder = layer.Side == NetworkSide.Decoder;
        var attends = options.Mixer == SequenceMixer.Attention;
        yield return attends
            ? Sublayer(layer, "self_attn", "self_attn_layer_norm", Attention($"{layer.Name}.self_attn", isDecoder ? AttentionScope.Past : AttentionScope.Source))
            : Sublayer(layer, "conv", isDecoder ? "conv_layer_norm" : "layer_norms.0", Convolution(layer));
        if (isDecoder)
            yield return Sublayer(layer, "encoder_attn", "encoder_attn_layer_norm", OfSource($"{layer.Name}.encoder_attn"));
        yield return Sublayer(layer, "ffn", attends || isDecoder ? "final_layer_norm" : "layer_norms.1",
        [
            new LinearStep(Linear($"{layer.Name}.fc1", options.Width, options.FeedForward ?? 2 * options.Width)), new ReluStep(),
            new LinearStep(Linear($"{layer.Name}.fc2", options.FeedForward ?? 2 * options.Width, options.Width)),
        ]);
    }

    private BareSublayer Sublayer(SequenceLayer layer, string name, string norm, IEnumerable<Step> steps) => new(
        $"{layer.Name}.{name}", layer, $"{layer.Name}.{norm}", [.. steps, .. Dropped($"{layer.Name}.{name}.dropout")], options.Width, _index++, Count);

    private IEnumerable<Step> Attention(string name, AttentionScope scope)
    {
        var width = options.Width;
        IReadOnlyList<WeightLayer> projections = options.Method.HasLayerBiases
            ?
            [
                Linear($"{name}.q_proj", width, width, WeightKind.Query), Linear($"{name}.k_proj", width, width, WeightKind.Key),
                Linear($"{name}.v_proj", width, width, WeightKind.Value),
            ]
            : [Linear(name, width, 3 * width, WeightKind.QueryKeyValue) with { WeightName = $"{name}.in_proj_weight" }];
        yield return new AttentionStep(name, projections, Linear($"{name}.out_proj", width, width, WeightKind.AttentionOutput), options.Heads, scope, context);
    }

    private IEnumerable<Step> OfSource(string name) => options.CrossAttention
        ? Attention(name, AttentionScope.Memory)
        : [
            new MeanOfSourceStep(
                name, Linear($"{name}.v_proj", options.Width, options.Width, WeightKind.Value),
                Linear($"{name}.out_proj", options.Width, options.Width, WeightKind.AttentionOutput), context),
        ];

    private IEnumerable<Step> Convolution(SequenceLayer layer)
    {
        var (width, name) = (options.Width, $"{layer.Name}.conv");
        yield return new LinearStep(Linear($"{layer.Name}.linear1", width, options.Gate ? 2 * width : width));
        if (options.Gate) yield return new GateStep();
        var taps = options.Mixer == SequenceMixer.Dynamic
            ? new WeightLayer($"{name}.weight_linear", ParameterFactory.Constant(0.0, options.Heads * options.Kernel, width)) { Kind = WeightKind.Taps }
            : new WeightLayer(name, ParameterFactory.Constant(0.0, options.Heads, 1, options.Kernel)) { Kind = WeightKind.Taps };
        yield return new TapsStep(taps, options.Heads, options.Kernel, layer.Side, context);
        yield return new LinearStep(Linear($"{layer.Name}.linear2", width, width));
    }

    private WeightLayer Table(string name, int vocabulary) =>
        new(name, ParameterFactory.Constant(0.0, vocabulary, options.Width)) { Kind = WeightKind.Embedding };

    private WeightLayer Linear(string name, int inChannels, int outChannels, WeightKind kind = WeightKind.Layer) => new(
        name, ParameterFactory.Constant(0.0, outChannels, inChannels), options.Method.HasLayerBiases ? ParameterFactory.Constant(0.0, outChannels) : null) { Kind = kind };

    private IEnumerable<Step> Dropped(string name) => options.Dropout > 0 ? [new DropStep(name, options.Dropout, DroppedPart.Elements, draws)] : [];
}
