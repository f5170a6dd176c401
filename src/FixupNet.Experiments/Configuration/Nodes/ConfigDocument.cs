using System.Text.Json;

namespace FixupNet.Experiments.Configuration.Nodes;

/// <summary>Reads JSON, comments and trailing commas allowed, into nodes that know their lines; refuses duplicate keys.</summary>
internal static class ConfigDocument
{
    /// <summary>The largest file read.</summary>
    public const int MaxBytes = 10 * 1024 * 1024;

    private static readonly JsonReaderOptions Options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 64,
    };

    /// <summary>Reads a file whose root must be an object.</summary>
    /// <returns>The root, or null where errors were added and nothing usable is left.</returns>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static ConfigObject? Read(string file, ConfigErrors errors) => Parse(DocumentFile.Read(file).Span, file, errors);

    /// <summary>Reads a text whose root must be an object.</summary>
    /// <returns>The root, or null where errors were added and nothing usable is left.</returns>
    public static ConfigObject? Parse(ReadOnlySpan<byte> utf8, string file, ConfigErrors errors)
    {
        var start = new ConfigPlace(file, 1);
        if (utf8.Length > MaxBytes)
        {
            errors.Add(start, "", $"is larger than {MaxBytes / 1024 / 1024} MB.");
            return null;
        }
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        if (utf8.StartsWith(byteOrderMark)) utf8 = utf8[3..];
        if (utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            errors.Add(start, "", "is empty; must be an object.");
            return null;
        }
        try
        {
            var root = new NodeReader(utf8, file, errors, Options).ReadDocument();
            if (root is ConfigObject document) return document;
            errors.Add(root.Place, "", $"is {root.Shown}; must be an object.");
        }
        catch (JsonException exception)
        {
            var line = exception.LineNumber is { } number ? (int)number + 1 : 1;
            errors.Add(start with { Line = line }, "", $"is not valid JSON: {WithoutPosition(exception.Message)}");
        }
        return null;
    }

    /// <summary>Reads one JSON value of any kind, without comments.</summary>
    /// <returns>The value, or null where the text is not JSON.</returns>
    public static ConfigNode? TryParseValue(ReadOnlySpan<byte> utf8, ConfigPlace place, ConfigErrors errors)
    {
        try
        {
            return new NodeReader(utf8, place.File, errors, new JsonReaderOptions { MaxDepth = 64 }, place).ReadDocument();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The reader ends its messages with a position counted from 0; ours is in front and counted from 1.
    private static string WithoutPosition(string message)
    {
        var position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return ConfigText.Show(position < 0 ? message : message[..position], shownCharacters: 300);
    }
}
