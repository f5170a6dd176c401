using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Configuration;

/// <summary>A valid train document with every default filled in.</summary>
/// <param name="Config">The bound records.</param>
/// <param name="Json">The canonical resolved document, without keys that are younger than the product's first documents and stand at their
/// defaults; loading it gives the same document again.</param>
/// <param name="Hash">The SHA-256 of <paramref name="Json"/>, 64 lower-case hexadecimal digits.</param>
public sealed record TrainDocument(TrainConfig Config, string Json, string Hash)
{
    /// <summary>What its author may not know, though it can be run.</summary>
    public IReadOnlyList<ConfigError> Warnings { get; private init; } = [];

    /// <summary>The resolved document with every key there is; loading it gives the same document too.</summary>
    public string CompleteJson => Resolved is { } values ? ConfigJson.Canonical(values) : Json;

    /// <summary>Its values with every key there is.</summary>
    internal ConfigObject? Resolved { private get; init; }

    /// <summary>What it needs to start.</summary>
    public StartChecks Start { get; private init; } = new([]);

    /// <summary>Reads a train document from a file.</summary>
    /// <param name="file">The file, named in messages as given here.</param>
    /// <param name="overrides"><c>key=value</c> arguments, applied in order.</param>
    /// <param name="registries">The named choices.</param>
    /// <exception cref="ConfigException">The document or an override is invalid.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    public static TrainDocument Load(string file, IEnumerable<string> overrides, ConfigRegistries registries) =>
        Parse(ConfigDocument.ReadFile(file).Span, file, overrides, registries);

    /// <summary>Reads a train document from memory.</summary>
    /// <param name="utf8">JSON in UTF-8; a byte order mark, comments and trailing commas are allowed.</param>
    /// <param name="file">The name used in messages.</param>
    /// <param name="overrides"><c>key=value</c> arguments, applied in order.</param>
    /// <param name="registries">The named choices.</param>
    /// <exception cref="ConfigException">The document or an override is invalid.</exception>
    public static TrainDocument Parse(ReadOnlySpan<byte> utf8, string file, IEnumerable<string> overrides, ConfigRegistries registries)
    {
        var errors = new ConfigErrors();
        return Complete(ConfigDocument.Parse(utf8, file, errors), overrides, registries, errors);
    }

    /// <summary>The JSON Schema (draft 2020-12) of train documents.</summary>
    /// <param name="registries">The named choices.</param>
    public static JsonObject Schema(ConfigRegistries registries)
    {
        var schema = new TrainSchema(registries).Root.ToJson();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "FixupNet train document, version 1");
        return schema;
    }

    private static TrainDocument Complete(
        ConfigObject? document, IEnumerable<string> overrides, ConfigRegistries registries, ConfigErrors errors)
    {
        var schema = new TrainSchema(registries);
        var parsed = ConfigOverride.Parse(overrides, allowLists: false, errors);
        if (document is not null)
        {
            document = schema.Paths.Complete(document);
            foreach (var change in parsed) document = document.With(change.Path, schema.Paths.Complete(change.Path, change.Values[0]));
            document = schema.Resolve(document, errors);
        }
        var bound = document is null ? null : schema.Bind(document, errors);
        errors.ThrowIfAny();
        var start = schema.NewStartChecks();
        start.Note("", bound!.Config, document!);
        return bound with { Warnings = errors.Warnings, Start = start };
    }
}
