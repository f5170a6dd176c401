using System.Text.Json;
using FixupNet.Reporting.Tables;
using FixupNet.Runs;
using FixupNet.Runs.Files;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests;

/// <summary>A sweep directory in a temporary folder, built trial by trial.</summary>
internal sealed class SweepFixture : IDisposable
{
    private readonly List<PlanLine> _plan = [];

    public SweepDirectory Sweep { get; } = new(Directory.CreateTempSubdirectory("fixupnet-").FullName);

    public void Dispose() => Directory.Delete(Sweep.Root, recursive: true);

    public SweepTable Read() => SweepTableReader.Read(Sweep.Root);

    /// <summary>Adds a trial of the usual grid, variant × depth, without any result.</summary>
    public TrialDirectory Add(string variant, int depth, long seed) =>
        Add(seed, ("model.depth", depth), ("model.variant", variant), ("training.epochs", 1), ("seed", seed));

    /// <summary>Adds a trial of any grid, without any result.</summary>
    public TrialDirectory Add(long seed, params (string Key, object Value)[] overrides)
    {
        var line = new PlanLine(_plan.Count, "trial", RunNames.Trial(_plan.Count, "trial", ""), seed,
            overrides.ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value)));
        _plan.Add(line);
        Sweep.WritePlan(_plan);
        var trial = Sweep.Trial(line);
        Directory.CreateDirectory(trial.Root);
        return trial;
    }

    public static TrialSummary Completed(double accuracy, double norm = 1) => new(TrialState.Completed, 100, 1, 20,
        new MetricValues(("loss", 0.5), ("accuracy", 0.8)), new MetricValues(("loss", 0.6), ("accuracy", accuracy)), new BestResult(0.5, 50, "accuracy", 0.99), null,
        new GradientNormsSummary("conv1", norm, "fc", norm * 10, 100), 1000, 3 << 20);

    public static TrialSummary Diverged(long step, string? layer) => new(TrialState.Diverged, step, 0.1, 2,
        new MetricValues(("loss", double.NaN), ("accuracy", 0.1)), new MetricValues(("loss", 2.3), ("accuracy", 0.1)), null, new DivergenceRecord(step, "loss", layer),
        new GradientNormsSummary("conv1", double.PositiveInfinity, "fc", double.NaN, double.NaN), 500, 2 << 20);
}
