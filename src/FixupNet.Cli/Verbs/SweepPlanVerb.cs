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

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var file = new Argument<string>("SWEEP") { Description = "A sweep document (JSON)." };
        var (overrides, json, jobs) = (SweepVerb.Overrides(host), Inputs.Json(), Inputs.Count<int>("--jobs", "Trials at a time, for the total; default 1."));
        var noEstimate = new Option<bool>("--no-estimate") { Description = "Measure nothing: list the trials without time and memory." };
        var verb = new Verb(
            "plan", "Lists the trials of a sweep with the time and memory they will take on this machine; trains nothing.",
            "fixupnet sweep plan configs/depth-sweep.json model.depth=20,56", "fixupnet sweep plan configs/quickstart.json --no-estimate")
        {
            file, overrides, json, jobs, noEstimate,
        };
        verb.SetAction(parsed =>
        {
            var plan = SweepPlan.Load(Inputs.RequireFile(parsed.GetRequiredValue(file)), parsed.GetValue(overrides) ?? [], host.Registries);
            var jobCount = parsed.GetValue(jobs) ?? 1;
            SweepVerb.Warn(host, plan.Warnings);
            var problems = SweepStart.Problems(SweepFolder.Of(OutputFolder.Runs, plan), plan);
            // Steps that cannot be made cannot be measured; the trials are listed all the same.
            var reused = ReusedTrials.Find(OutputFolder.Runs, plan, host.Clock);
            var estimate = parsed.GetValue(noEstimate) || problems.Count > 0 ? null : Estimate(host, plan, jobCount, reused);
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, Describe(plan, jobCount, estimate, reused));
            else Write(host.Output, plan, jobCount, estimate, reused);
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

    private static string Folder(SweepPlan plan) => SweepFolder.Of(OutputFolder.Runs, plan).Root;

    private static PlannedSweep Describe(
        SweepPlan plan, int jobs, SweepEstimate? estimate, IReadOnlyDictionary<int, (string Sweep, bool HasEnded)> reused) => new(
        plan.Name, plan.About, Folder(plan), plan.Trials.Count, jobs, estimate?.TotalSeconds,
        [.. plan.Trials.Select(trial => Describe(trial, estimate?.Trials[trial.Index], reused.TryGetValue(trial.Index, out var known) ? known.Sweep : null))]);

    private static PlannedTrial Describe(TrialPlan trial, TrialEstimate? estimate, string? reusedFrom) => new(
        trial.Index, trial.ShortName, trial.Hash8, trial.Seed, trial.Overrides,
        estimate?.Seconds, estimate?.PeakMemoryBytes, estimate?.Plan?.MicroBatchSize, estimate?.Plan?.Recompute, estimate?.Problem, reusedFrom);

    private static void Write(
        TextWriter output, SweepPlan plan, int jobs, SweepEstimate? estimate, IReadOnlyDictionary<int, (string Sweep, bool HasEnded)> reused)
    {
        var table = estimate is null
            ? new TextTable(">trial", "name", ">epochs", "hash")
            : new TextTable(">trial", "name", ">epochs", "hash", ">time", ">peak memory", "images at once");
        foreach (var trial in plan.Trials)
        {
            string[] cells = [$"{trial.Index}", trial.ShortName, $"{trial.Config.Training.Epochs}", trial.Hash8];
            table.Add(estimate is null ? cells : [.. cells, .. Cells(estimate.Trials[trial.Index])]);
        }
        table.WriteTo(output);
        output.WriteLine();
        var total = estimate is null ? "" : $" About {RunText.Seconds(estimate.TotalSeconds)} in all, {(jobs == 1 ? "one trial" : $"{jobs} trials")} at a time.";
        output.WriteLine($"{plan.Trials.Count} trials; \"sweep run\" writes to {Folder(plan)}.{total}");
        foreach (var group in reused.GroupBy(pair => pair.Value))
            output.WriteLine($"{SweepVerb.Trials(group.Count())} would be {(group.Key.HasEnded ? "taken over" : "continued")} from {group.Key.Sweep}, which {(group.Key.HasEnded ? "trained" : "began")} the same: {string.Join(", ", group.Select(pair => pair.Key))}");
        foreach (var group in (estimate?.Trials ?? []).Index().Where(item => item.Item.Problem is not null).GroupBy(item => item.Item.Problem))
            output.WriteLine($"Trials {string.Join(", ", group.Select(item => item.Index))} cannot run: training.memoryBudget {group.Key}");
    }

    private static string[] Cells(TrialEstimate estimate) => estimate is { Seconds: { } seconds, PeakMemoryBytes: { } bytes, Plan: { } plan }
        ? [RunText.Seconds(seconds), RunText.Bytes(bytes), plan.Recompute ? $"{plan.MicroBatchSize}, recomputed" : $"{plan.MicroBatchSize}"]
        : ["", "does not fit", ""];
}
