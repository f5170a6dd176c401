using System.Collections.Concurrent;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>Runs the rules that options state about themselves.</summary>
internal sealed class OptionRules
{
    // The trials of a sweep repeat few different sections; binding one is the costly part.
    private readonly ConcurrentDictionary<string, (string Member, string Message)[]> _broken = new();

    public void Check(ObjectSchema schema, ConfigObject resolved, string path, ConfigErrors errors)
    {
        var broken = _broken.GetOrAdd(ConfigJson.Compact(resolved), json => [.. Bound(schema, json).Validate()]);
        foreach (var (member, message) in broken)
        {
            var key = member.Length == 0 ? "" : SchemaBuilder.KeyOf(member);
            var value = key.Length == 0 ? null : resolved.Find(key);
            var given = value is null ? "is invalid" : $"is {value.Shown}";
            errors.Add((value ?? resolved).Place, key.Length == 0 ? path : ConfigText.Join(path, key), $"{given}; {message}.");
        }
    }

    private static IValidatedOptions Bound(ObjectSchema schema, string json) =>
        (IValidatedOptions)schema.BindMembers(ConfigJson.Load(json));
}
