using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Sweeps;

/// <summary>A trial that is this worker's.</summary>
/// <param name="line">The trial.</param>
/// <param name="generation">Number of the claim.</param>
internal sealed class HeldClaim(PlanLine line, int generation) : IDisposable
{
    private readonly CancellationTokenSource _lost = new();

    public PlanLine Line => line;

    public int Generation => generation;

    /// <summary>Whether this worker comes back to the trial.</summary>
    public bool WasDelayed { get; set; }

    /// <summary>Cancelled once the trial is, or may be, another worker's.</summary>
    public CancellationToken Lost => _lost.Token;

    public void Lose() => _lost.Cancel();

    public void Dispose() => _lost.Dispose();
}
