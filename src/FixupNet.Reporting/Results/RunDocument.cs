using System.Text.Json;
using FixupNet.Runs;
using FixupNet.Runs.Files;

namespace FixupNet.Reporting.Results;

/// <summary>Reads the documents of a run, of which a report needs a few values only and takes whatever else they hold.</summary>
internal static class RunDocument
{
    private const int MaxBytes = 10 << 20; // as large as a document may be
    private const int ShownCharacters = 300;

    /// <summary>Reads a document whose root is an object and whose texts are valid Unicode.</summary>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public static JsonDocument Read(string path)
    {
        var bytes = BoundedFile.Read(path, MaxBytes);
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bytes, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            RequireTexts(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new JsonException("It is no object.");
        }
        // InvalidOperationException is how a text reports that it is none.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            document?.Dispose();
            throw new InvalidDataException($"{path}: not a document of a run: {PrintableText.Shortened(error.Message, ShownCharacters)}", error);
        }
    }

    /// <summary>Reads a document as "section.key" → value, as JSON in one spelling.</summary>
    /// <exception cref="InvalidDataException">The file holds no document.</exception>
    public static Dictionary<string, string> ReadFlat(string path)
    {
        using var document = Read(path);
        var values = new Dictionary<string, string>();
        Flatten(document.RootElement, "", values);
        return values;
    }

    private static void Flatten(JsonElement element, string path, Dictionary<string, string> values)
    {
        if (element.ValueKind != JsonValueKind.Object) values[path] = ParameterValue.Text(element);
        else foreach (var member in element.EnumerateObject()) Flatten(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", values);
    }

    // Half surrogate pairs are found only when a text is asked for.
    private static void RequireTexts(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) element.GetString();
        if (element.ValueKind == JsonValueKind.Array) foreach (var item in element.EnumerateArray()) RequireTexts(item);
        if (element.ValueKind != JsonValueKind.Object) return;
        foreach (var member in element.EnumerateObject())
        {
            _ = member.Name;
            RequireTexts(member.Value);
        }
    }
}
