using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Cli.Verbs;

/// <summary>"config schema": the JSON Schema of documents, for editors.</summary>
internal static class ConfigSchemaVerb
{
    private static readonly IReadOnlyList<string> Kinds = ["train", "sweep"];

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var kind = new Argument<string>("KIND") { Description = "train or sweep.", DefaultValueFactory = _ => "train" };
        kind.Validators.Add(result => Inputs.RequireOneOf(result, kind.Name, Kinds));
        kind.CompletionSources.Add([.. Kinds]);
        var verb = new Verb("schema", "Writes the JSON Schema of documents.", "fixupnet config schema sweep > sweep.v1.json") { kind };
        verb.SetAction(parsed =>
        {
            var schema = parsed.GetRequiredValue(kind) == "train" ? TrainDocument.Schema(host.Registries) : SweepPlan.Schema(host.Registries);
            RunText.WriteJson(host.Output, schema);
            return ExitCodes.Success;
        });
        return verb;
    }
}
