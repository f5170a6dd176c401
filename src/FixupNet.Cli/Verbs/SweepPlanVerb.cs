using System.CommandLine;
using System.Text.Json.Nodes;
using FixupNet.Cli.Display;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Cli.Verbs;

/// <summary>"sweep plan": the trials of a sweep, without running any.</summary>
internal static class SweepPlanVerb
{
    private const string NoEstimate = "Time and memory are not estimated: they are known only once a trial has been measured on this machine.";

    private sealed record PlannedTrial(int Index, string Name, string Hash, long Seed, IReadOnlyDictionary<string, JsonNode?> Overrides);

    private sealed record PlannedSweep(string Name, string About, string Directory, int TrialCount, IReadOnlyList<PlannedTrial> Trials);

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var file = new Argument<string>("SWEEP") { Description = "A sweep document (JSON)." };
        var (overrides, json) = (SweepVerb.Overrides(), Inputs.Json());
        var verb = new Verb(
            "plan", "Lists the trials of a sweep; trains nothing.",
            "fixupnet sweep plan configs/depth-sweep.json model.depth=20,56")
        {
            file, overrides, json,
        };
        verb.SetAction(parsed =>
        {
            var plan = SweepPlan.Load(Inputs.RequireFile(parsed.GetRequiredValue(file)), parsed.GetValue(overrides) ?? [], host.Registries);
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, Describe(plan));
            else Write(host, plan);
            return ExitCodes.Success;
        });
        return verb;
    }

    private static string Folder(SweepPlan plan) => SweepFolder.Of(OutputFolder.Runs, plan).Root;

    private static PlannedSweep Describe(SweepPlan plan) => new(
        plan.Name, plan.About, Folder(plan), plan.Trials.Count,
        [.. plan.Trials.Select(trial => new PlannedTrial(trial.Index, trial.ShortName, trial.Hash8, trial.Seed, trial.Overrides))]);

    private static void Write(CliHost host, SweepPlan plan)
    {
        var table = new TextTable(">trial", "name", ">epochs", "hash");
        foreach (var trial in plan.Trials) table.Add($"{trial.Index}", trial.ShortName, $"{trial.Config.Training.Epochs}", trial.Hash8);
        table.WriteTo(host.Output);
        host.Output.WriteLine();
        host.Output.WriteLine($"{plan.Trials.Count} trials; \"sweep run\" writes to {Folder(plan)}. {NoEstimate}");
    }
}
