using System.CommandLine;
using FixupNet.Cli.Host;

namespace FixupNet.Cli.Verbs;

/// <summary>"config": documents, without running them.</summary>
internal static class ConfigVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host) =>
        new Verb("config", "Checks and shows train and sweep documents.", "fixupnet config validate configs/cifar10-resnet110.json")
        {
            ConfigValidateVerb.Create(host),
            ConfigShowVerb.Create(host),
            ConfigSchemaVerb.Create(host),
        };
}
