using System.CommandLine;
using System.Text.Json.Nodes;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Configuration;
using FixupNet.Registries;

namespace FixupNet.Cli.Verbs;

/// <summary>"tasks", "models", "methods", "initializers", "datasets", "optimizers", "transforms", "schedules", "studies": what a document may choose from.</summary>
internal static class ListVerb
{
    private const string MethodSection = "variant";
    private const string TransformSection = "gradientTransforms";
    private const string InitializationSection = "initialization";
    private const string StudySection = "study";

    /// <summary>"tasks".</summary>
    public static Command Tasks(CliHost host) => Create(host, "tasks", "task", registries => registries.Tasks);

    /// <summary>"models".</summary>
    public static Command Models(CliHost host) => Create(host, "models", "model", registries => registries.Models);

    /// <summary>"initializers", or "schemes".</summary>
    public static Command Initializers(CliHost host)
    {
        var verb = Create(host, "initializers", InitializationSection, registries => registries.Initializations);
        verb.Aliases.Add("schemes");
        return verb;
    }

    /// <summary>"datasets".</summary>
    public static Command Datasets(CliHost host) => Create(host, "datasets", "dataset", registries => registries.Datasets);

    /// <summary>"optimizers".</summary>
    public static Command Optimizers(CliHost host) => Create(host, "optimizers", "optimizer", registries => registries.Optimizers);

    /// <summary>"transforms".</summary>
    public static Command Transforms(CliHost host) => Create(host, "transforms", TransformSection, registries => registries.GradientTransforms);

    /// <summary>"schedules".</summary>
    public static Command Schedules(CliHost host) => Create(host, "schedules", "schedule", registries => registries.Schedules);

    /// <summary>"studies".</summary>
    public static Command Studies(CliHost host) => Create(host, "studies", StudySection, registries => registries.Studies);

    /// <summary>"methods".</summary>
    public static Command Methods(CliHost host) => Create(host, "methods", MethodSection, registries => registries.Methods);

    private static Verb Create(CliHost host, string name, string section, Func<ConfigRegistries, IEnumerable<INamedEntry>> entries)
    {
        var json = Inputs.Json();
        var verb = new Verb(name, $"Lists the {name} and their options.", $"fixupnet {name} --json") { json };
        verb.SetAction(parsed =>
        {
            var choices = entries(host.Registries).Select(entry => (Entry: entry, Options: OptionsOf(host, section, entry.Name))).ToList();
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, choices.Select(choice => Describe(choice.Entry, choice.Options)));
            else Write(host.Output, choices);
            return ExitCodes.Success;
        });
        return verb;
    }

    // The schema knows name, default and limits of every option, and is what documents are held to.
    private static JsonObject OptionsOf(CliHost host, string section, string name)
    {
        var properties = TrainDocument.Schema(host.Registries)["properties"]!;
        var choices = (JsonArray)(section switch
        {
            // Every model offers every method.
            MethodSection => properties["model"]!["oneOf"]![0]!["properties"]!["variant"]!,
            TransformSection => properties[section]!["items"]!,
            StudySection => StudyChoice.Schema(host.Registries),
            _ => properties[section]!,
        })["oneOf"]!;
        var choice = choices.First(choice => (string?)choice!["properties"]?["name"]!["const"] == name);
        var options = (JsonObject)choice!["properties"]!.DeepClone();
        options.Remove("name");
        if (section == InitializationSection) options.Remove("weights");
        return options;
    }

    private static JsonObject Describe(INamedEntry entry, JsonObject options) =>
        new() { ["name"] = entry.Name, ["description"] = entry.Description, ["options"] = options.DeepClone() };

    private static void Write(TextWriter output, List<(INamedEntry Entry, JsonObject Options)> choices)
    {
        var table = new TextTable("name", "description", "options");
        foreach (var (entry, options) in choices)
            table.Add(entry.Name, entry.Description, string.Join(' ', options.Select(option => Option(option.Key, option.Value!))));
        table.WriteTo(output);
    }

    private static string Option(string name, JsonNode schema) => schema["default"] is { } value ? $"{name}={value}" : name;
}
