using System.Text.Json;
using System.Text.Json.Nodes;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Configuration.Schema;

namespace FixupNet.Experiments.Sweeps;

/// <summary>The outer shape of a sweep document.</summary>
internal static class SweepShape
{
    public static ObjectSchema Of(TrainSchema train)
    {
        var name = train.Root.Members.First(member => member.Name == "name");
        var about = train.Root.Members.First(member => member.Name == "about");
        var stop = train.Root.Members.First(member => member.Name == "stop");
        return new ObjectSchema(
        [
            SchemaVersion.MemberOf("sweep"),
            name with { Description = "Name of the sweep; part of its folder's name." },
            about,
            new("base", Base(train), null, "Where every trial starts: a train document beside this file or below, or one written here."),
            new("grid", Grid(), ConfigObject.Empty, "For each key, joined by dots, the values it takes; the first changes slowest."),
            new("seeds", Seeds(), OneSeed, "The seeds of every point of the grid."),
            new("exclude", Exclude(), NoRules, "Trials left out: those that have, for every key of a rule, one of its values."),
            new("stop", Stop(stop), ConfigObject.Empty, "Replaces members of the base's stop."),
            new("studies", new ArraySchema(typeof(NamedSection), StudyChoice.OfSweep(train.Registries)), NoRules, "What is asked of each network once it is trained, or of the sweep once it has ended: names of studies, or objects with a name and options."),
        ], null);
    }

    private static ShapeSchema Base(TrainSchema train)
    {
        // The sweep's name stands in for a missing one, and the grid may give what the base lacks.
        var inline = train.Root.ToJson();
        inline.Remove("required");
        var json = new JsonObject { ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, inline) };
        return new ShapeSchema("a file name or an object", IsFileOrObject, json);
    }

    private static bool IsFileOrObject(ConfigNode node) => node is ConfigObject or ConfigScalar { Kind: JsonValueKind.String };

    private static ConfigArray OneSeed(ConfigPlace place) => new(place, [ConfigScalar.Number(place, "1")]);

    private static ConfigArray NoRules(ConfigPlace place) => new(place, []);

    // The base's default must not count as written here, so only what is written is looked at, by the trials.
    private static ShapeSchema Stop(MemberSchema stop) => new("an object", node => node is ConfigObject, stop.ToJson());

    private static ShapeSchema Grid() => new("an object", node => node is ConfigObject, new JsonObject
    {
        ["type"] = "object",
        ["additionalProperties"] = new JsonObject { ["type"] = "array", ["minItems"] = 1, ["uniqueItems"] = true },
    });

    private static ArraySchema Seeds() => new(typeof(long), new NumberSchema(typeof(long), new(0, 9007199254740992.0)));

    private static ShapeSchema Exclude() => new("an array", node => node is ConfigArray, new JsonObject
    {
        ["type"] = "array",
        ["items"] = new JsonObject { ["type"] = "object", ["minProperties"] = 1 },
    });
}
