using System.Text;
using FixupNet.Reporting;
using FixupNet.Reporting.Exports;
using FixupNet.Runs.Metrics;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Report and exports of a small sweep, one file of which is what the bytes say.</summary>
internal static class ReportTargets
{
    private const string Config = """
        { "name": "tiny", "seed": 1, "dataset": { "name": "synthetic-shapes" }, "model": { "name": "resnet-cifar", "depth": 8, "variant": "fixup" },
          "optimizer": { "name": "sgd", "learningRate": 0.1 }, "schedule": { "name": "steps", "milestonesEpochs": [1, 2] } }
        """;

    /// <summary>A target for each file that a report reads.</summary>
    /// <param name="folder">An empty folder for the sweep.</param>
    public static IReadOnlyList<FuzzTarget> All(string folder)
    {
        var sweep = Create(folder);
        var trial = sweep.Trial(sweep.ReadPlan()[0]);
        File.WriteAllText(sweep.ResolvedSweepFile, """{ "name": "tiny", "about": "for tests", "grid": { "model.depth": [8, 14] } }""");
        return
        [
            .. new[]
            {
                ("plan", sweep.PlanFile), ("sweep", sweep.ResolvedSweepFile), ("config", trial.ConfigFile), ("env", trial.EnvironmentFile), ("status", trial.StatusFile),
                ("summary", trial.SummaryFile), ("metrics", trial.MetricsFile), ("gradient-norms", trial.GradientNormsFile), ("probe", trial.ProbeFile),
            }.Select(file => Of($"report-{file.Item1}", sweep, file.Item2)),
        ];
    }

    private static FuzzTarget Of(string name, SweepDirectory sweep, string file)
    {
        var sample = File.ReadAllBytes(file);
        return new(name, bytes => Read(sweep, file, bytes, sample), error => error is InvalidDataException, [sample], [.. HostileJson.Values.Select(Encoding.UTF8.GetBytes)], GoalMilliseconds: 2_000);
    }

    private static void Read(SweepDirectory sweep, string file, byte[] bytes, byte[] sample)
    {
        File.WriteAllBytes(file, bytes);
        try
        {
            SweepReport.Write(sweep.Root);
            foreach (var format in RunExport.Formats) RunExport.Write(sweep.Root, format, RunExport.DefaultFolder(sweep.Root, format));
        }
        finally
        {
            File.WriteAllBytes(file, sample);
        }
    }

    private static SweepDirectory Create(string folder)
    {
        var sweep = new SweepDirectory(Directory.CreateDirectory(folder).FullName);
        List<PlanLine> plan = [.. new[] { 8, 14, 20 }.Index().Select(depth => new PlanLine(
            depth.Index, $"depth={depth.Item}", $"{depth.Index:D4}-depth={depth.Item}-01234567", 1,
            new Dictionary<string, System.Text.Json.JsonElement>
            {
                ["model.depth"] = System.Text.Json.JsonSerializer.SerializeToElement(depth.Item),
                ["optimizer.learningRate"] = System.Text.Json.JsonSerializer.SerializeToElement(0.1 / (depth.Index + 1)),
            }))];
        sweep.WritePlan(plan);
        foreach (var line in plan) Fill(sweep.Trial(line));
        return sweep;
    }

    private static void Fill(TrialDirectory trial)
    {
        Directory.CreateDirectory(trial.Root);
        File.WriteAllText(trial.ConfigFile, Config);
        trial.WriteStatus(new TrialStatus(TrialState.Completed, 120, 3, DateTimeOffset.UnixEpoch, "why"));
        trial.WriteSummary(new TrialSummary(
            TrialState.Completed, 120, 3, 12.5, new MetricValues(("loss", 1.5), ("accuracy", 0.4)), new MetricValues(("loss", 1.6), ("accuracy", 0.3)), new BestResult(2, 80, "accuracy", 0.35), new DivergenceRecord(7, "loss", "fc"),
            new GradientNormsSummary("conv1", 0.1, "fc", 0.2, 3), 1234, 1 << 28, 270_000));
        trial.WriteEnvironment(new EnvironmentRecord(
            "fixupnet train", "host", "os", "cpu", ".NET 10", "LibTorch", "1.13.1", 2, "00ff", new Dictionary<string, long> { ["seed"] = 1 }, DateTimeOffset.UnixEpoch, "abc"));
        File.WriteAllBytes(trial.MetricsFile, RunFileTargets.Metrics());
        File.WriteAllBytes(trial.GradientNormsFile, RunFileTargets.Norms());
        File.WriteAllText(trial.ProbeFile, """{ "updateSizes": [0.1, 0.2, "NaN"], "loss": 2.3 }""");
    }
}
