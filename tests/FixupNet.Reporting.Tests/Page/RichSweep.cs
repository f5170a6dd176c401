using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Page;

/// <summary>A sweep with everything a page can show: two variants, two depths, two learning rates and two seeds, with metrics, gradient
/// norms, probes, environments and configurations; the deep plain network diverges.</summary>
internal static class RichSweep
{
    public static readonly int[] Depths = [20, 110];

    /// <summary>Fills a fixture.</summary>
    /// <param name="fixture">Takes the trials.</param>
    /// <param name="source">What their program was built from; null for one that did not tell.</param>
    public static void Fill(SweepFixture fixture, SourceRecord? source = null)
    {
        foreach (var depth in Depths)
            foreach (var variant in new[] { "fixup", "plain" })
                foreach (var rate in new[] { 0.01, 0.1 })
                    foreach (var seed in new[] { 1, 2 })
                        Fill(fixture.Add(seed, ("model.depth", depth), ("model.variant", variant), ("optimizer.learningRate", rate)), variant, depth, rate, seed, source);
        File.WriteAllText(fixture.Sweep.SweepFile, "{ \"name\": \"rich\" } // as it was written");
        File.WriteAllText(fixture.Sweep.ResolvedSweepFile, "{ \"name\": \"rich\", \"about\": \"Everything a page can show\" }");
    }

    /// <summary>Test accuracy of a trial, a fraction.</summary>
    public static double Accuracy(string variant, int depth, double rate, int seed) => 0.4 + 0.1 * rate + 0.03 * seed + depth * 1e-4 + (variant == "plain" ? -0.2 : 0);

    /// <summary>Gradient norm of a layer, from 0: tiny, zero and not finite ones among them.</summary>
    public static double Norm(string variant, int step, int layer) => (variant, step, layer) switch
    {
        ("fixup", 0, < 4) => 0,
        ("plain", 20, 2) => double.NaN,
        ("plain", 20, 3) => double.PositiveInfinity,
        ("plain", _, 0) => 1e-30,
        _ => 1e-3 * (layer + 1) * (step + 1),
    };

    private static void Fill(TrialDirectory trial, string variant, int depth, double rate, int seed, SourceRecord? source)
    {
        var diverges = variant == "plain" && depth == 110 && rate == 0.1;
        trial.WriteSummary(diverges
            ? SweepFixture.Diverged(20, "layer2.4") with { Epochs = 0.5 }
            : SweepFixture.Completed(Accuracy(variant, depth, rate, seed)) with { ElapsedSeconds = depth + seed });
        trial.WriteStatus(new TrialStatus(diverges ? TrialState.Diverged : TrialState.Completed, 20, 0.5, DateTimeOffset.UnixEpoch));
        trial.WriteEnvironment(new EnvironmentRecord($"fixupnet train {seed}", "host", "Debian", "cpu", ".NET 10", "LibTorch", "1.13", 2, "abc",
            new Dictionary<string, long> { ["seed"] = seed }, DateTimeOffset.UnixEpoch, "0123abc", Source: source));
        File.WriteAllText(trial.ConfigFile, $$"""{"model":{"variant":"{{variant}}","depth":{{depth}},"width":16},"optimizer":{"learningRate":{{rate}}},"seed":{{seed}}}""");
        RunJson.WriteFile(trial.ProbeFile, new ProbeRecord(diverges ? [0.5] : [0.5, 1.0 + depth * 1e-3]));

        using var metrics = new JsonLinesWriter(trial.MetricsFile);
        for (var step = 10; step <= 40; step += 10)
        {
            var loss = diverges && step == 20 ? double.NaN : 2.0 / step + 0.01 * seed;
            metrics.Write(new MetricsLine(step, step, step / 40.0, MetricsSplit.Train, new MetricValues(("loss", loss), ("accuracy", 0.01 * step)), AveragedSteps: 10));
            if (diverges && step == 20) break;
        }
        if (!diverges) metrics.Write(new MetricsLine(99, 40, 1, MetricsSplit.Test, new MetricValues(("loss", 0.6), ("accuracy", Accuracy(variant, depth, rate, seed)))));
        using var norms = new JsonLinesWriter(trial.GradientNormsFile);
        norms.Write(new GradientNormsHeader(["conv1", "a", "b", "c", "fc"]));
        foreach (var step in new[] { 0, 10, 20 })
            norms.Write(new GradientNormsLine(step, step / 40.0, 1, [.. Enumerable.Range(0, 5).Select(layer => Norm(variant, step, layer))]));
    }
}
