using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FixupNet.Runs.Files;

namespace FixupNet.Experiments.Configuration.Nodes;

/// <summary>Text and hash of resolved documents.</summary>
public static class ConfigJson
{
    private static readonly JsonWriterOptions Canonicalized = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The SHA-256 of a text in UTF-8.</summary>
    /// <param name="text">A resolved document.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Hash(string text) => RunNames.Hash(text, digits: 64);

    /// <summary>The one text of a resolved document: its keys in order, two spaces of indentation, "\n" at every line's end.</summary>
    internal static string Canonical(ConfigNode resolved) => Write(resolved, Canonicalized) + "\n";

    internal static string Compact(ConfigNode node) => Write(node, default);

    private static string Write(ConfigNode node, JsonWriterOptions options)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, options)) node.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
