using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Cli.Verbs;

/// <summary>"config schema": the JSON Schema of documents, for editors.</summary>
internal static class ConfigSchemaVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var kind = new Argument<string>("KIND") { Description = "train or sweep.", DefaultValueFactory = _ => "train" };
        kind.AcceptOnlyFromAmong("train", "sweep");
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
