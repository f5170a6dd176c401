using System.Text.Json;
using FixupNet.Experiments.Sweeps;
using FixupNet.Experiments.Tests.Configuration;
using FixupNet.Runs;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Sweeps;

/// <summary>A sweep of four trials on disk, and workers of it.</summary>
internal abstract class FourTrials
{
    protected const string Here = "here";
    protected static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private TemporaryFolder _folder = null!;
    private List<WorkerPresence> _workers = null!;

    protected SweepDirectory Sweep { get; private set; } = null!;

    protected IReadOnlyList<PlanLine> Plan { get; private set; } = [];

    [SetUp]
    public void CreateSweep()
    {
        (_folder, _workers) = (new TemporaryFolder(), []);
        Sweep = new SweepDirectory(_folder.Path);
        Plan = [.. Enumerable.Range(0, 4).Select(i => new PlanLine(i, $"trial {i}", $"000{i}-t", 1, new Dictionary<string, JsonElement>()))];
        Sweep.WritePlan(Plan);
        foreach (var line in Plan)
        {
            Directory.CreateDirectory(Sweep.Trial(line).Root);
            File.WriteAllText(Sweep.Trial(line).ConfigFile, "{}");
        }
    }

    [TearDown]
    public void DeleteSweep()
    {
        foreach (var worker in _workers) worker.Dispose();
        _folder.Dispose();
    }

    /// <summary>A worker that lives until it is disposed of.</summary>
    protected WorkerPresence Worker(string? host = Here, double leaseSeconds = 30)
    {
        var worker = WorkerPresence.Announce(Sweep.Claims, TimeSpan.FromSeconds(leaseSeconds), host);
        _workers.Add(worker);
        return worker;
    }

    /// <summary>The queue of a worker, holding all trials.</summary>
    protected TrialQueue Queue(WorkerPresence worker, TimeProvider clock)
    {
        var queue = new TrialQueue(Sweep, worker, new WorkerWatch(Sweep.Claims, worker.Host, clock, Lease), clock);
        queue.Add(Plan);
        return queue;
    }

    protected TrialDirectory Trial(int index) => Sweep.Trial(Plan[index]);

    protected static bool IsTrial(TrialDirectory trial, int index) => trial.Root.EndsWith($"000{index}-t", StringComparison.Ordinal);

    protected void End(int index, TrialState state) => ScriptedProcess.End(Trial(index), state);
}
