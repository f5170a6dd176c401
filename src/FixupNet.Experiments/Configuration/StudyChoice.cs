using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Configuration.Schema;
using FixupNet.Experiments.Studies;
using FixupNet.Registries;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Configuration;

/// <summary>A study with its options.</summary>
/// <param name="Entry">The study.</param>
/// <param name="Options">A record of its options.</param>
/// <param name="Json">Its options as JSON, every default filled in.</param>
public sealed record StudyChoice(StudyEntry Entry, object Options, JsonElement Json)
{
    /// <summary>As a record has it.</summary>
    public StudyRequest Request => new(Entry.Name, Json, Entry.IsOfStart);

    /// <summary>Reads options.</summary>
    /// <param name="name">Name of the study.</param>
    /// <param name="options"><c>key=value</c> arguments.</param>
    /// <param name="registries">The named choices.</param>
    /// <exception cref="UnknownNameException">There is no such study.</exception>
    /// <exception cref="ConfigException">An option is unknown or invalid.</exception>
    public static StudyChoice Parse(string name, IEnumerable<string> options, ConfigRegistries registries)
    {
        var errors = new ConfigErrors();
        _ = registries.Studies[name];
        var given = ConfigObject.Named(ConfigScalar.String(ConfigPlace.CommandLine, name));
        foreach (var change in ConfigOverride.Parse(options, allowLists: false, errors)) given = given.With(change.Path, change.Values[0]);
        var schema = SchemaOf(registries);
        var resolved = schema.Resolve(given, "", errors);
        errors.ThrowIfAny();
        return Of(resolved, schema, registries);
    }

    /// <summary>A study as a record has it.</summary>
    /// <param name="request">Its name and its options.</param>
    /// <param name="registries">The named choices.</param>
    /// <exception cref="UnknownNameException">There is no such study.</exception>
    /// <exception cref="ConfigException">An option is unknown or invalid.</exception>
    public static StudyChoice Of(StudyRequest request, ConfigRegistries registries)
    {
        var (errors, schema) = (new ConfigErrors(), SchemaOf(registries));
        _ = registries.Studies[request.Study];
        var options = ConfigDocument.Parse(Encoding.UTF8.GetBytes(request.Options.GetRawText()), request.Study, errors);
        errors.ThrowIfAny();
        var resolved = schema.Resolve(options!.With([ConfigObject.NameKey], ConfigScalar.String(options.Place, request.Study)), "", errors);
        errors.ThrowIfAny();
        return Of(resolved, schema, registries);
    }

    /// <summary>Asks, and records what was found.</summary>
    /// <param name="asked">What is asked, for messages.</param>
    /// <param name="weights">The weights that are asked about, as <see cref="StudyRecord.Weights"/> has them.</param>
    /// <param name="started">Since when it takes time.</param>
    /// <param name="find">Asks.</param>
    /// <exception cref="ConfigException">The study has no question for this configuration.</exception>
    internal StudyRecord Answer(string asked, string? weights, long started, Func<StudyFindings> find)
    {
        try
        {
            var findings = find();
            return new StudyRecord(
                Entry.Name, Json, weights, findings.Values, findings.Curves, Stopwatch.GetElapsedTime(started).TotalSeconds, findings.Matrices, findings.Pictures);
        }
        catch (StudyRefusedException refused)
        {
            throw new ConfigException([new ConfigError(asked, null, refused.Path, refused.Message)]);
        }
    }

    /// <summary>The schema of studies that a sweep asks, each a name or an object with it and options.</summary>
    internal static NamedSectionSchema OfSweep(ConfigRegistries registries) => SchemaOf(registries, allowsNameAlone: true);

    /// <summary>A study as <see cref="OfSweep"/> has resolved it.</summary>
    internal static StudyChoice Of(ConfigNode resolved, ConfigRegistries registries) => Of(resolved, OfSweep(registries), registries);

    private static StudyChoice Of(ConfigNode resolved, NamedSectionSchema schema, ConfigRegistries registries)
    {
        var json = ConfigJson.Compact(new ConfigObject(ConfigPlace.CommandLine, [.. ((ConfigObject)resolved).Members.Where(member => member.Key != ConfigObject.NameKey)]));
        var bound = (NamedSection)schema.Bind(resolved.ToConfiguration());
        return new StudyChoice(registries.Studies[bound.Name], bound.Options, JsonElement.Parse(json));
    }

    /// <summary>The JSON Schema of studies: one choice a study, its options the properties.</summary>
    /// <param name="registries">The named choices.</param>
    public static JsonObject Schema(ConfigRegistries registries) => SchemaOf(registries).ToJson();

    private static NamedSectionSchema SchemaOf(ConfigRegistries registries, bool allowsNameAlone = false)
    {
        var builder = new SchemaBuilder(registries.Of, registries.Methods);
        return new([.. registries.Studies.Select(entry => ((INamedEntry)entry, builder.Record(entry.OptionsType)))], defaultName: null) { AllowsNameAlone = allowsNameAlone };
    }
}
