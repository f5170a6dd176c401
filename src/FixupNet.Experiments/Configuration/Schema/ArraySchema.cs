using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration.Nodes;
using Microsoft.Extensions.Configuration;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>An array of numbers, strings, booleans or named sections.</summary>
internal sealed class ArraySchema(Type elementType, ValueSchema element) : ValueSchema
{
    /// <summary>The longest array allowed: a trial of a sweep holds its own copy.</summary>
    public const int MaxItems = 1000;

    public override string Kind => "an array";

    public override ConfigNode Written(ConfigNode resolved) =>
        resolved is ConfigArray array ? new ConfigArray(array.Place, [.. array.Items.Select(element.Written)]) : resolved;

    // The library's own binder puts "" into an array parameter that is given as [].
    public override object? Bind(IConfigurationSection section)
    {
        if (section.Value is null && !section.GetChildren().Any()) return null;
        var items = section.GetChildren().Select(element.Bind).ToArray();
        var array = Array.CreateInstance(elementType, items.Length);
        items.CopyTo(array, 0);
        return array;
    }

    protected override ConfigNode ResolveValue(ConfigNode given, string path, ConfigErrors errors)
    {
        if (given is not ConfigArray array) return WrongKind(given, path, errors);
        if (array.Items.Count > MaxItems)
        {
            errors.Add(given.Place, path, $"is {given.Shown}; must hold at most {MaxItems} values.");
            return given;
        }
        return new ConfigArray(given.Place, [.. array.Items.Select((item, index) => element.Resolve(item, $"{path}[{index}]", errors))]);
    }

    protected override JsonObject ValueToJson() => new() { ["type"] = "array", ["maxItems"] = MaxItems, ["items"] = element.ToJson() };
}
