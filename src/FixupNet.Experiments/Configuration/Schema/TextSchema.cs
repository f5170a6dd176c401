using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FixupNet.Experiments.Configuration.Nodes;
using Microsoft.Extensions.Configuration;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>A string without control characters.</summary>
internal sealed class TextSchema : ValueSchema
{
    /// <summary>The longest string allowed, in code points, as JSON Schema counts.</summary>
    public const int MaxLength = 1000;

    private readonly Regex? _pattern;

    /// <summary>The strings allowed; null for any.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>Whether it names a file or a folder; see <see cref="DocumentPaths"/>.</summary>
    public bool IsPath { get; init; }

    /// <summary>A regular expression for the whole string; null for any.</summary>
    public string? Pattern
    {
        get;
        init
        {
            field = value;
            _pattern = value is null ? null : new Regex($@"\A(?:{value})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
    }

    /// <summary>What <see cref="Pattern"/> asks for, in words; null for the pattern itself.</summary>
    public string? PatternMeaning { get; init; }

    public override string Kind => "a string";

    public override object? Bind(IConfigurationSection section) => section.Value;

    protected override ConfigNode ResolveValue(ConfigNode given, string path, ConfigErrors errors)
    {
        if (given is not ConfigScalar { Kind: JsonValueKind.String, Text: var text }) return WrongKind(given, path, errors);
        if (Problem(text) is { } problem) errors.Add(given.Place, path, $"is {given.Shown}; {problem}.");
        return given;
    }

    protected override JsonObject ValueToJson()
    {
        if (Allowed is not null) return new JsonObject { ["enum"] = new JsonArray([.. Allowed.Select(name => (JsonNode)name)]) };
        return new JsonObject
        {
            ["type"] = "string",
            ["maxLength"] = MaxLength,
            // "$" alone means the end to some validators, and to others also the place before a line feed at the end.
            ["pattern"] = Pattern is null ? @"^[^\u0000-\u001f\u007f-\u009f]*(?!\n)$" : $@"^(?:{Pattern})(?!\n)$",
        };
    }

    private string? Problem(string text)
    {
        if (Allowed is not null) return Allowed.Contains(text) ? null : ConfigText.OneOf(text, Allowed);
        if (text.Length > MaxLength && text.EnumerateRunes().Count() > MaxLength) return $"must not be longer than {MaxLength} characters";
        // Texts become paths, log lines and terminal output.
        if (text.Any(char.IsControl)) return "must not contain control characters";
        return _pattern?.IsMatch(text) == false ? PatternMeaning ?? $"must match {Pattern}" : null;
    }
}
