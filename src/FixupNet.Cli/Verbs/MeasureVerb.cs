using System.CommandLine;
using System.Text.Json;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Trials;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Verbs;

/// <summary>"measure", hidden: what "sweep plan" runs in a process of its own to know time and memory of a step.</summary>
internal static class MeasureVerb
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var (config, overrides, threads) = (Inputs.Config(), Inputs.Overrides(host.Registries), Inputs.Threads());
        var plan = new Option<string>("--plan") { Description = "How a step fits into memory, as env.json tells it; default: what the document would choose." };
        var verb = new Verb("measure", "Measures a few training steps.", "fixupnet measure configs/cifar10-resnet110.json") { config, overrides, threads, plan };
        verb.Hidden = true;
        verb.SetAction(parsed =>
        {
            var document = SomeDocument.LoadTrain(parsed.GetRequiredValue(config), parsed.GetValue(overrides) ?? [], host.Registries);
            var chosen = parsed.GetValue(plan) is { } text ? PlanOf(text) : null;
            var options = new TrialOptions("cpu", parsed.GetValue(threads), Command: host.Command);
            RunText.WriteJson(host.Output, StepMeter.Run(document, chosen, options, host.Clock));
            return ExitCodes.Success;
        });
        return verb;
    }

    private static StepPlan? PlanOf(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<StepPlan>(json, RunJson.Indented);
        }
        catch (JsonException error)
        {
            throw new UsageException($"--plan is no plan of a step: {error.Message}");
        }
    }
}
