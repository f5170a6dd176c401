using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace FixupNet.Experiments.Configuration.Nodes;

/// <summary>Where a value was written.</summary>
internal sealed record ConfigPlace(string File, int? Line)
{
    public static readonly ConfigPlace CommandLine = new("command line", null);

    public override string ToString() => Line is { } line ? $"{File}:{line}" : File;
}

/// <summary>One immutable JSON value that remembers where it was written.</summary>
internal abstract class ConfigNode(ConfigPlace place)
{
    public ConfigPlace Place { get; } = place;

    public virtual bool IsNull => false;

    /// <summary>The value as a message shows it.</summary>
    public abstract string Shown { get; }

    public abstract void WriteTo(Utf8JsonWriter writer);

    /// <summary>The value as Microsoft.Extensions.Configuration has it, which binds it.</summary>
    public IConfigurationSection ToConfiguration() =>
        new ConfigurationBuilder().AddInMemoryCollection(Settings("value")).Build().GetSection("value");

    /// <summary>The settings of the value: keys joined by colons, of an array's items their numbers.</summary>
    public abstract IEnumerable<KeyValuePair<string, string?>> Settings(string key);

    /// <summary>Equal for equal values, however written: 1e3 is 1000.</summary>
    public abstract string ValueKey { get; }
}

/// <summary>A string, number, boolean or null.</summary>
/// <param name="place">Where it was written.</param>
/// <param name="kind">Its JSON kind.</param>
/// <param name="text">The characters of a string, else the JSON text as written.</param>
internal sealed class ConfigScalar(ConfigPlace place, JsonValueKind kind, string text) : ConfigNode(place)
{
    public JsonValueKind Kind { get; } = kind;

    public string Text { get; } = text;

    public override bool IsNull => Kind == JsonValueKind.Null;

    public override string Shown => Kind == JsonValueKind.String ? $"\"{ConfigText.Show(Text)}\"" : ConfigText.Show(Text);

    public static ConfigScalar Null(ConfigPlace place) => new(place, JsonValueKind.Null, "null");

    public static ConfigScalar String(ConfigPlace place, string text) => new(place, JsonValueKind.String, text);

    public static ConfigScalar Number(ConfigPlace place, string text) => new(place, JsonValueKind.Number, text);

    public static ConfigScalar Boolean(ConfigPlace place, bool value) =>
        value ? new(place, JsonValueKind.True, "true") : new(place, JsonValueKind.False, "false");

    public override void WriteTo(Utf8JsonWriter writer)
    {
        if (Kind == JsonValueKind.String) writer.WriteStringValue(Text);
        else writer.WriteRawValue(Text, skipInputValidation: true);
    }

    public override IEnumerable<KeyValuePair<string, string?>> Settings(string key) => [new(key, IsNull ? null : Text)];

    public override string ValueKey => Kind switch
    {
        JsonValueKind.String => $"\"{Text}\"",
        JsonValueKind.Number => (Parsed + 0.0).ToString("R", CultureInfo.InvariantCulture), // adding 0 turns -0 into 0
        _ => Text,
    };

    /// <summary>The number nearest to the text; infinite where the text is too large.</summary>
    public double Parsed => double.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture);
}

/// <summary>An array.</summary>
internal sealed class ConfigArray(ConfigPlace place, IReadOnlyList<ConfigNode> items) : ConfigNode(place)
{
    public IReadOnlyList<ConfigNode> Items { get; } = items;

    public override string Shown => $"an array of {Items.Count}";

    public override void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var item in Items) item.WriteTo(writer);
        writer.WriteEndArray();
    }

    // An empty array is no null.
    public override IEnumerable<KeyValuePair<string, string?>> Settings(string key) =>
        Items.Count == 0 ? [new(key, "")] : Items.SelectMany((item, index) => item.Settings($"{key}:{index}"));

    public override string ValueKey => $"[{string.Join(',', Items.Select(item => item.ValueKey))}]";
}
