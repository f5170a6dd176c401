using System.Collections.Concurrent;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Registries;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>Runs the rules that options state about themselves.</summary>
internal sealed class OptionRules
{
    // The trials of a sweep repeat few different sections; binding one is the costly part.
    private readonly ConcurrentDictionary<string, (string Member, string Message)[]> _broken = new();

    public void Check(ObjectSchema schema, ConfigObject resolved, string path, ConfigErrors errors)
    {
        var broken = _broken.GetOrAdd(ConfigJson.Compact(resolved), _ => [.. ((IValidatedOptions)schema.Bind(resolved.ToConfiguration())).Validate()]);
        foreach (var (member, message) in broken)
        {
            var key = SchemaBuilder.KeyOf(member);
            var value = resolved.Find(key)!;
            errors.Add(value.Place, ConfigText.Join(path, key), $"is {value.Shown}; {message}.");
        }
    }
}
