using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Verbs;

/// <summary>"measure", hidden: what "sweep plan" runs in a process of its own to know time and memory of a step.</summary>
internal static class MeasureVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var (config, overrides, threads) = (Inputs.Config(), Inputs.Overrides(), Inputs.Threads());
        var size = Inputs.Count<int>("--micro-batch", "Images computed at once; default: what the document would choose.");
        var recompute = new Option<bool>("--recompute") { Description = "Compute activations again in the backward pass." };
        var verb = new Verb("measure", "Measures a few training steps.", "fixupnet measure configs/cifar10-resnet110.json") { config, overrides, threads, size, recompute };
        verb.Hidden = true;
        verb.SetAction(parsed =>
        {
            var document = SomeDocument.LoadTrain(parsed.GetRequiredValue(config), parsed.GetValue(overrides) ?? [], host.Registries);
            var plan = parsed.GetValue(size) is { } count ? new StepPlan(count, parsed.GetValue(recompute)) : null;
            var options = new TrialOptions("cpu", parsed.GetValue(threads), Command: host.Command);
            RunText.WriteJson(host.Output, StepMeter.Run(document, plan, options, host.Clock));
            return ExitCodes.Success;
        });
        return verb;
    }
}
