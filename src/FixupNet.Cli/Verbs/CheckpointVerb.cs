using System.CommandLine;
using FixupNet.Cli.Host;

namespace FixupNet.Cli.Verbs;

/// <summary>"checkpoint": files of weights, which travel between PyTorch and this program.</summary>
internal static class CheckpointVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host) =>
        new Verb("checkpoint", "Inspects, verifies, exports and imports weights and checkpoints.", "fixupnet checkpoint export runs/first --to model.safetensors")
        {
            CheckpointInspectVerb.Create(host),
            CheckpointVerifyVerb.Create(host),
            CheckpointExportVerb.Create(host),
            CheckpointImportVerb.Create(host),
        };
}
