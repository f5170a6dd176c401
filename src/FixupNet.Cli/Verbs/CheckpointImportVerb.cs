using System.CommandLine;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Trials;

namespace FixupNet.Cli.Verbs;

/// <summary>"checkpoint import": takes weights from PyTorch over.</summary>
internal static class CheckpointImportVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var config = Inputs.Config();
        var weights = Inputs.RequiredPath("--weights", "FILE", "A .safetensors file, of PyTorch for example.");
        var output = Inputs.RequiredPath("--output", "FILE", "The .safetensors file to write.");
        var verb = new Verb(
            "import", "Checks that weights fit the network of a document and writes them in its order and type.",
            "fixupnet checkpoint import configs/cifar10-resnet110.json --weights pytorch.safetensors --output model.safetensors")
        {
            config, weights, output,
        };
        verb.SetAction(parsed =>
        {
            var document = SomeDocument.LoadTrain(parsed.GetRequiredValue(config), [], host.Registries);
            var source = Inputs.RequireFile(parsed.GetRequiredValue(weights));
            var file = parsed.GetRequiredValue(output);
            OutputFolder.Create(Path.GetDirectoryName(Path.GetFullPath(file))!);
            WeightFiles.Convert(document, source, file);
            host.Output.WriteLine(file);
            return ExitCodes.Success;
        });
        return verb;
    }
}
