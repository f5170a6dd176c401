using System.Text.Json;
using FixupNet.Runs.Files;

namespace FixupNet.Experiments.Configuration.Nodes;

/// <summary>Reads JSON, comments and trailing commas allowed, into nodes that know their lines; refuses duplicate keys.</summary>
public static class ConfigDocument
{
    /// <summary>The largest file read.</summary>
    internal const int MaxBytes = 10 * 1024 * 1024;

    private static readonly JsonReaderOptions Options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 64,
    };

    /// <summary>Reads a file once, so that a pipe will do, and no more of it than a document may have: a file may be endless.</summary>
    /// <param name="file">The file.</param>
    /// <returns>Its bytes; of one that is too large for a document the beginning, still too large.</returns>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static ReadOnlyMemory<byte> ReadFile(string file) => BoundedFile.ReadBeginning(file, MaxBytes + 1);

    /// <summary>Whether a document is a sweep's: only that has a base or a grid. What is no JSON at all is none.</summary>
    /// <param name="utf8">The bytes of its file.</param>
    public static bool IsSweep(ReadOnlySpan<byte> utf8) =>
        Parse(utf8, "", new ConfigErrors()) is { } document && (document.Find("base") ?? document.Find("grid")) is not null;

    /// <summary>Reads a text whose root must be an object.</summary>
    /// <returns>The root, or null where errors were added and nothing usable is left.</returns>
    internal static ConfigObject? Parse(ReadOnlySpan<byte> utf8, string file, ConfigErrors errors)
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
    internal static ConfigNode? TryParseValue(ReadOnlySpan<byte> utf8, ConfigPlace place, ConfigErrors errors)
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
