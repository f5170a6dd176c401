using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Trials;

namespace FixupNet.Cli.Verbs;

/// <summary>"evaluate": the metrics of weights on the test split.</summary>
internal static class EvaluateVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var target = new Argument<string>("DIR|CONFIG") { Description = "The folder of a run, or a train document (JSON)." };
        var weights = Inputs.Path("--weights", "FILE", "A .safetensors; default: the run's last weights, or those the document starts from.");
        var (device, threads, json) = (Inputs.Device(), Inputs.Threads(), Inputs.Json());
        var verb = new Verb(
            "evaluate", "Measures a network on the test split.",
            "fixupnet evaluate runs/first", "fixupnet evaluate configs/cifar10-resnet110.json --weights model.safetensors --json")
        {
            target, weights, device, threads, json,
        };
        verb.SetAction(parsed =>
        {
            var given = parsed.GetValue(weights) is { } file ? Inputs.RequireFile(file) : null;
            var (config, weightsFile) = RunFolder.Resolve(parsed.GetRequiredValue(target), given);
            var document = SomeDocument.LoadTrain(config, [], host.Registries);
            var options = new TrialOptions(parsed.GetRequiredValue(device), parsed.GetValue(threads), Command: host.Command);
            var result = EvaluationRunner.Run(document, weightsFile, options);
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, result);
            else host.Output.WriteLine($"{RunText.Values(result.Values, "  ")}  on {result.ExampleCount} test {document.Config.TaskRecord.Examples}");
            return ExitCodes.Success;
        });
        return verb;
    }
}
