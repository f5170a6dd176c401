using FixupNet.Runs;
using FixupNet.Runs.Claims;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>Tells which worker holds which trial. Of workers on other hosts it is known only after a while whether they live.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="clock">Measures silence.</param>
public sealed class TrialOwners(SweepDirectory sweep, TimeProvider clock)
{
    private readonly WorkerWatch _watch = new(sweep.Claims, LocalHost.Id, clock, TimeSpan.FromSeconds(new SweepWorkerOptions().LeaseSeconds));
    private IReadOnlyDictionary<int, int> _generations = new Dictionary<int, int>();

    /// <summary>Lists the claims anew.</summary>
    /// <exception cref="IOException">They cannot be listed.</exception>
    public void Refresh() => _generations = sweep.Claims.ListGenerations();

    /// <summary>Finds who holds a trial, as of the last list.</summary>
    /// <param name="line">The trial.</param>
    /// <returns>The owner, or null where no worker has the trial.</returns>
    /// <exception cref="IOException">A claim cannot be read.</exception>
    public TrialOwner? Find(PlanLine line)
    {
        if (!_generations.TryGetValue(line.Index, out var generation) || sweep.Claims.IsReleased(line.Index, generation)) return null;
        var life = _watch.Judge(line.Index, generation, sweep.Trial(line).Root);
        return new TrialOwner(sweep.Claims.ReadOwner(line.Index, generation)?.Worker, life);
    }
}
