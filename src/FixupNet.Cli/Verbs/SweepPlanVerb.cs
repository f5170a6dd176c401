using System.CommandLine;
using System.Text.Json.Nodes;
using FixupNet.Cli.Display;
using FixupNet.Cli.Host;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Sweeps;
using FixupNet.Training;
using static TorchSharp.torch;

namespace FixupNet.Cli.Verbs;

/// <summary>"sweep plan": the trials of a sweep and what they will take, without running any.</summary>
internal static class SweepPlanVerb
{
    private sealed record PlannedTrial(
        int Index, string Name, string Hash, long Seed, IReadOnlyDictionary<string, JsonNode?> Overrides,
        double? EstimatedSeconds, long? EstimatedPeakMemoryBytes, int? MicroBatchSize, bool? Recompute, string? Problem, string? ReusedFrom);

    private sealed record PlannedSweep(
        string Name, string About, string Directory, int TrialCount, int Jobs, double? EstimatedTotalSeconds, IReadOnlyList<PlannedTrial> Trials);

    // What is shown: the folder is the one that "sweep run" would write to, the reused trials are those beside it.
    private sealed record Plan(
        SweepPlan Sweep, string Folder, int Jobs, SweepEstimate? Estimate, IReadOnlyDictionary<int, (string Sweep, bool HasEnded)> Reused);

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var file = new Argument<string>("SWEEP") { Description = "A sweep document (JSON)." };
        var (overrides, json, jobs) = (SweepVerb.Overrides(host), Inputs.Json(), Inputs.Count<int>("--jobs", "Trials at a time, for the total; default 1."));
        var output = Inputs.Path("--output", "DIR", "Folder in which \"sweep run\" is to make the sweep's folder; default: runs.");
        var noEstimate = new Option<bool>("--no-estimate") { Description = "Measure nothing: list the trials without time and memory." };
        var verb = new Verb(
            "plan", "Lists the trials of a sweep with the time and memory they will take on this machine; trains nothing.",
            "fixupnet sweep plan configs/depth-sweep.json model.depth=20,56", "fixupnet sweep plan configs/quickstart.json --no-estimate")
        {
            file, overrides, output, json, jobs, noEstimate,
        };
        verb.SetAction(parsed =>
        {
            var sweep = SweepPlan.Load(Inputs.RequireFile(parsed.GetRequiredValue(file)), parsed.GetValue(overrides) ?? [], host.Registries);
            var (runs, jobCount) = (parsed.GetValue(output) ?? OutputFolder.Runs, parsed.GetValue(jobs) ?? 1);
            SweepVerb.Warn(host, sweep.Warnings);
            var directory = SweepFolder.Of(runs, sweep);
            var problems = SweepStart.Problems(directory, sweep);
            // Steps that cannot be made cannot be measured; the trials are listed all the same.
            var reused = ReusedTrials.Find(runs, sweep, host.Clock);
            var estimate = parsed.GetValue(noEstimate) || problems.Count > 0 ? null : Estimate(host, sweep, jobCount, reused);
            var plan = new Plan(sweep, directory.Root, jobCount, estimate, reused);
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, Describe(plan));
            else Write(host.Output, plan);
            return problems.Count == 0 ? ExitCodes.Success : throw new ConfigException(problems);
        });
        return verb;
    }

    private static SweepEstimate Estimate(CliHost host, SweepPlan plan, int jobs, IReadOnlyDictionary<int, (string Sweep, bool HasEnded)> reused)
    {
        host.Log.Console.WriteLine("Measuring training steps at small depths; --no-estimate leaves that out.");
        int? threads = jobs > 1 ? Math.Max(1, get_num_threads() / jobs) : null;
        return new SweepEstimator(host.StepMeasurer, threads, SystemMemory.FreeBytes).Estimate(plan.Trials, jobs, trial => reused.TryGetValue(trial.Index, out var known) && known.HasEnded);
    }

    private static PlannedSweep Describe(Plan plan) => new(
        plan.Sweep.Name, plan.Sweep.About, plan.Folder, plan.Sweep.Trials.Count, plan.Jobs, plan.Estimate?.TotalSeconds,
        [.. plan.Sweep.Trials.Select(trial => Describe(trial, plan.Estimate?.Trials[trial.Index], plan.Reused.TryGetValue(trial.Index, out var known) ? known.Sweep : null))]);

    private static PlannedTrial Describe(TrialPlan trial, TrialEstimate? estimate, string? reusedFrom) => new(
        trial.Index, trial.ShortName, trial.Hash8, trial.Seed, trial.Overrides,
        estimate?.Seconds, estimate?.PeakMemoryBytes, estimate?.Plan?.MicroBatchSize, estimate?.Plan?.Recompute, estimate?.Problem, reusedFrom);

    private static void Write(TextWriter output, Plan plan)
    {
        var (estimate, trials) = (plan.Estimate, plan.Sweep.Trials);
        var table = estimate is null
            ? new TextTable(">trial", "name", ">epochs", "hash")
            : new TextTable(">trial", "name", ">epochs", "hash", ">time", ">peak memory", "images at once");
        foreach (var trial in trials)
        {
            string[] cells = [$"{trial.Index}", trial.ShortName, $"{trial.Config.Training.Epochs}", trial.Hash8];
            table.Add(estimate is null ? cells : [.. cells, .. Cells(estimate.Trials[trial.Index])]);
        }
        table.WriteTo(output);
        output.WriteLine();
        var total = estimate is null ? "" : $" About {RunText.Seconds(estimate.TotalSeconds)} in all, {(plan.Jobs == 1 ? "one trial" : $"{plan.Jobs} trials")} at a time.";
        output.WriteLine($"{SweepVerb.Trials(trials.Count)}; \"sweep run\" writes to {plan.Folder}.{total}");
        foreach (var group in plan.Reused.GroupBy(pair => pair.Value))
            output.WriteLine($"{SweepVerb.Trials(group.Count())} would be {(group.Key.HasEnded ? "taken over" : "continued")} from {group.Key.Sweep}, which {(group.Key.HasEnded ? "trained" : "began")} the same: {string.Join(", ", group.Select(pair => pair.Key))}");
        foreach (var group in (estimate?.Trials ?? []).Index().Where(item => item.Item.Problem is not null).GroupBy(item => item.Item.Problem))
            output.WriteLine($"Trials {string.Join(", ", group.Select(item => item.Index))} cannot run: training.memoryBudget {group.Key}");
    }

    private static string[] Cells(TrialEstimate estimate) => estimate is { Seconds: { } seconds, PeakMemoryBytes: { } bytes, Plan: { } plan }
        ? [RunText.Seconds(seconds), RunText.Bytes(bytes), plan.Recompute ? $"{plan.MicroBatchSize}, recomputed" : $"{plan.MicroBatchSize}"]
        : ["", "does not fit", ""];
}
