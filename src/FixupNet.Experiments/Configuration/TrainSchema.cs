using System.Collections.Concurrent;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Configuration.Schema;

namespace FixupNet.Experiments.Configuration;

/// <summary>The schema of train documents for given registries.</summary>
internal sealed class TrainSchema(ConfigRegistries registries)
{
    private static readonly string[] s_ofDatasets = ["dataset", "augmentation"];

    /// <summary>The named choices.</summary>
    public ConfigRegistries Registries => registries;

    // The ten thousand trials of a sweep have few different sections, and records are immutable: each is bound once.
    private readonly ConcurrentDictionary<(string Member, string Value), object?> _bound = new();
    private readonly ConcurrentDictionary<(IDocumentCheck Check, object Subject), IReadOnlyList<DocumentProblem>> _verdicts = new();

    public ObjectSchema Root { get; } = new SchemaBuilder(registries.Of, registries.Methods).Record(typeof(TrainConfig), SchemaVersion.MemberOf("train"));

    /// <summary>Completes the paths of documents, which is to be done where they are read.</summary>
    public DocumentPaths Paths => field ??= new(Root);

    /// <summary>Completes a merged document; errors are added where it is invalid.</summary>
    public ConfigObject Resolve(ConfigObject merged, ConfigErrors errors) => Root.ResolveMembers(merged, "", errors);

    /// <summary>Checks a resolved document as a whole, as far as its sections are valid, and binds it.</summary>
    /// <param name="resolved">The document.</param>
    /// <param name="errors">The errors of its sections; takes those of the whole.</param>
    /// <returns>The document, or null where there are errors.</returns>
    public TrainDocument? Bind(ConfigObject resolved, ConfigErrors errors)
    {
        HashSet<string> broken = [.. errors.All.Select(error => error.Path.Split('.', '[')[0])];
        var config = (TrainConfig)Root.Construct(member => broken.Contains(member.Name) ? null : BindMember(member, resolved.Find(member.Name)!)) with { Registries = registries };
        foreach (var check in registries.DocumentChecks)
        {
            if (check.Sections.Any(broken.Contains) || check.Subject(config) is not { } subject) continue;
            foreach (var problem in _verdicts.GetOrAdd((check, subject), key => [.. key.Check.Find(config)])) errors.Add(resolved, problem);
        }
        if (errors.Count > 0) return null;
        var ofTask = OfTask(resolved, config);
        var json = ConfigJson.Canonical(Root.WrittenMembers(ofTask));
        return new TrainDocument(config, json, ConfigJson.Hash(json)) { Resolved = ofTask };
    }

    /// <summary>A place to note what trainings need to start.</summary>
    public StartChecks NewStartChecks() => new(registries.StartChecks);

    /// <summary>What is wrong with a dotted key that no train document can hold; null for a key that one can.</summary>
    public string? ProblemOfKey(string key)
    {
        IReadOnlyList<ValueSchema> level = [Root];
        foreach (var segment in key.Split('.'))
        {
            var below = level.SelectMany(schema => schema.Children(segment)).ToList();
            if (below.Count == 0)
            {
                var suggestion = level[0] == Root ? Root.Suggestion(segment) : ConfigText.DidYouMean(segment, [.. level.SelectMany(schema => schema.Keys)]);
                return $"has the unknown key \"{ConfigText.Show(segment)}\"{suggestion}.";
            }
            level = below;
        }
        return null;
    }

    // Sections that the task knows nothing of are at their defaults, or a check has refused them.
    private static ConfigObject OfTask(ConfigObject resolved, TrainConfig config) =>
        config.TaskEntry.Traits.UsesDataset ? resolved : new ConfigObject(resolved.Place, [.. resolved.Members.Where(member => !s_ofDatasets.Contains(member.Key))]);

    private object? BindMember(MemberSchema member, ConfigNode value) =>
        _bound.GetOrAdd((member.Name, ConfigJson.Compact(value)), _ => member.Value.Bind(value.ToConfiguration()));
}
