using System.Collections.Concurrent;
using FixupNet.Experiments.Configuration.Schema;

namespace FixupNet.Experiments.Configuration;

/// <summary>The schema of train documents for given registries.</summary>
internal sealed class TrainSchema(ConfigRegistries registries)
{
    // The ten thousand trials of a sweep have few different sections, and records are immutable: each is bound once.
    private readonly ConcurrentDictionary<string, object?> _bound = new();

    public ObjectSchema Root { get; } = new SchemaBuilder(registries).Record(typeof(TrainConfig), SchemaVersion.MemberOf("train"));

    /// <summary>Completes a merged document; errors are added where it is invalid.</summary>
    public ConfigObject Resolve(ConfigObject merged, ConfigErrors errors) => Root.ResolveMembers(merged, "", errors);

    /// <summary>Binds a document resolved without errors.</summary>
    public TrainDocument Bind(ConfigObject resolved)
    {
        var json = ConfigJson.Canonical(resolved);
        var config = (TrainConfig)Root.Construct(member => BindMember(member, resolved.Find(member.Name)!));
        return new TrainDocument(config, json, ConfigJson.Hash(json));
    }

    /// <summary>What is wrong with a dotted key that no train document can hold; null for a key that one can.</summary>
    public string? ProblemOfKey(string key)
    {
        IReadOnlyList<ValueSchema> level = [Root];
        foreach (var segment in key.Split('.'))
        {
            var below = level.SelectMany(schema => schema.Children(segment)).ToList();
            var known = level.SelectMany(schema => schema.Keys).ToList();
            if (below.Count == 0) return $"has the unknown key \"{ConfigText.Show(segment)}\"{ConfigText.DidYouMean(segment, known)}.";
            level = below;
        }
        return null;
    }

    private object? BindMember(MemberSchema member, ConfigNode value) => _bound.GetOrAdd(
        $"{{\"{member.Name}\":{ConfigJson.Compact(value)}}}",
        document => member.Value.Bind(ConfigJson.Load(document).GetSection(member.Name)));
}
