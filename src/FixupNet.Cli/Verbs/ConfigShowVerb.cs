using System.CommandLine;
using FixupNet.Cli.Host;

namespace FixupNet.Cli.Verbs;

/// <summary>"config show": a document with every default filled in.</summary>
internal static class ConfigShowVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var file = new Argument<string>("FILE") { Description = "A train or sweep document (JSON)." };
        var overrides = Inputs.Overrides(host.Registries);
        var verb = new Verb(
            "show", "Writes a document with every default and change filled in.",
            "fixupnet config show configs/cifar10-resnet110.json model.depth=20")
        {
            file, overrides,
        };
        verb.SetAction(parsed =>
        {
            host.Output.Write(SomeDocument.Load(parsed.GetRequiredValue(file), parsed.GetValue(overrides) ?? [], host.Registries).ResolvedJson);
            return ExitCodes.Success;
        });
        return verb;
    }
}
