using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Studies;
using FixupNet.Experiments.Trials;

namespace FixupNet.Cli.Verbs;

/// <summary>"probe": how signals and gradients change with depth, at initialization.</summary>
internal static class ProbeVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var (config, overrides, device, threads, json) = (Inputs.Config(), Inputs.Overrides(host.Registries), Inputs.Device(), Inputs.Threads(), Inputs.Json());
        var verb = new Verb(
            "probe", "Measures activations and gradients against depth on one batch, without training.",
            "fixupnet probe configs/cifar10-resnet110.json model.depth=20 model.variant=plain")
        {
            config, overrides, device, threads, json,
        };
        verb.SetAction(parsed =>
        {
            var document = SomeDocument.LoadTrain(parsed.GetRequiredValue(config), parsed.GetValue(overrides) ?? [], host.Registries);
            var result = ProbeRunner.Run(document, new TrialOptions(parsed.GetRequiredValue(device), parsed.GetValue(threads), Command: host.Command));
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, result);
            else Write(host.Output, result);
            return ExitCodes.Success;
        });
        return verb;
    }

    private static void Write(TextWriter output, ProbeResult result)
    {
        var layers = new TextTable("layer", ">gradient at start", ">after two updates");
        foreach (var layer in result.Layers) layers.Add(layer.Name, Number(layer.InitialGradientNorm), Number(layer.GradientNorm));
        layers.WriteTo(output);
        output.WriteLine();
        var blocks = new TextTable("block output", ">mean", ">mean square");
        foreach (var block in result.Blocks) blocks.Add(block.Name, Number(block.Mean), Number(block.SecondMoment));
        blocks.WriteTo(output);
        output.WriteLine();
        output.WriteLine($"loss {Number(result.Loss)}");
        output.WriteLine($"update sizes ‖Δf(x)‖/η: {string.Join("  ", result.UpdateSizes.Select(Number))}");
        if (result.UpdateSizesByRole.Count > 0)
            output.WriteLine($"of the third update, by parameters: {string.Join("  ", result.UpdateSizesByRole.Select(part => $"{part.Role} {Number(part.UpdateSize)}"))}");
        if (result.Failure is { } failure) output.WriteLine($"not finite: {failure.What} in {failure.Layer}");
    }

    private static string Number(double value) => FormattableString.Invariant($"{value:G4}");
}
