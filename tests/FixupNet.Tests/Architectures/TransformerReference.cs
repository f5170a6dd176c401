using System.Text.Json;
using FixupNet.Architectures;
using FixupNet.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Architectures;

/// <summary>The networks of PyTorch's results in float64 of small Transformers (Fixtures/transformer.json), and their batch.</summary>
/// <remarks>d 32, feed-forward 64, 4 heads, kernels of 3 taps, 2 + 2 layers, 50 symbols; parameters as in <see cref="ReferenceTraining"/>, row 1 of embeddings 0.</remarks>
internal static class TransformerReference
{
    internal const int Vocabulary = 50;

    internal static JsonElement File { get; } = ReferenceTraining.Read("transformer.json");

    /// <summary>The cases by name, such as "fixup dynamic+glu".</summary>
    internal static IEnumerable<string> Cases => File.EnumerateObject().Where(item => item.Value.ValueKind == JsonValueKind.Object && item.Value.TryGetProperty("method", out _))
        .Select(item => item.Name);

    /// <summary>The options of a case.</summary>
    internal static TransformerOptions OptionsOf(string name)
    {
        var expected = File.GetProperty(name);
        var mixer = expected.GetProperty("mixer").GetString()!.Split('+');
        Method method = expected.GetProperty("method").GetString() switch
        {
            "post" => new PostLayerNormMethod(),
            "pre" => new PreLayerNormMethod(),
            "none" => new TFixupMethod(),
            "rezero" => new ReZeroMethod(),
            _ => new FixupMethod(),
        };
        return new TransformerOptions(
            method, Depth: 2, Width: 32, FeedForward: 64, Mixer: Enum.Parse<SequenceMixer>(mixer[0], ignoreCase: true), Gate: mixer.Length > 1,
            Sharing: expected.TryGetProperty("shared", out _) ? EmbeddingSharing.Output : EmbeddingSharing.None);
    }

    /// <summary>A network with the reference's parameters.</summary>
    internal static Transformer Create(TransformerOptions options, ScalarType dtype = ScalarType.Float64)
    {
        var network = new Transformer(options, Vocabulary).to(dtype);
        ReferenceTraining.SetParameters(network);
        using var mode = no_grad();
        foreach (var (_, table) in network.named_parameters().Where(item => item.name.EndsWith("embed_tokens.weight", StringComparison.Ordinal)))
        {
            using var padding = table.select(0, Symbols.Pad);
            padding.fill_(0.0);
        }
        return network;
    }

    /// <summary>A part of the batch [4,9], int64.</summary>
    internal static Tensor Part(string name) =>
        tensor([.. File.GetProperty("batch").GetProperty(name).EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(symbol => symbol.GetInt64())]).view(4, 9);

    /// <summary>Sources and what the decoder reads [4,2,9].</summary>
    internal static Tensor Tokens() => stack([Part("source"), Part("decoder_input")], 1);
}
