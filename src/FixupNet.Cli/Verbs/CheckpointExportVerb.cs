using System.CommandLine;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Safetensors;

namespace FixupNet.Cli.Verbs;

/// <summary>"checkpoint export": weights as one file that PyTorch reads.</summary>
internal static class CheckpointExportVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var source = new Argument<string>("DIR|CONFIG") { Description = "The folder of a run, or a train document (JSON)." };
        var target = Inputs.RequiredPath("--to", "FILE", "The .safetensors file to write.");
        var verb = new Verb(
            "export", "Writes the weights of a run, or those a document starts from, for PyTorch.",
            "fixupnet checkpoint export runs/first --to model.safetensors")
        {
            source, target,
        };
        verb.SetAction(parsed =>
        {
            var (config, weights) = RunFolder.Resolve(parsed.GetRequiredValue(source), null);
            var file = parsed.GetRequiredValue(target);
            OutputFolder.Create(Path.GetDirectoryName(Path.GetFullPath(file))!);
            if (weights is null) WeightFiles.WriteInitial(SomeDocument.LoadTrain(config, [], host.Registries), file);
            else
            {
                var content = SafetensorsFile.Read(weights);
                SafetensorsFile.Write(file, content.Entries, content.Metadata);
            }
            host.Output.WriteLine(file);
            return ExitCodes.Success;
        });
        return verb;
    }
}
