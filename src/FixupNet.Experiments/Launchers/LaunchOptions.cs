using FixupNet.Registries;

namespace FixupNet.Experiments.Launchers;

/// <summary>What the workers of a sweep get, whatever starts them.</summary>
/// <param name="Workers">Workers at a time, in 1..100,000.</param>
/// <param name="Cpus">Processor cores of a worker, and the threads it computes with, in 1..4096.</param>
/// <param name="MemoryMebibytes">Memory of a worker in MiB, in 1..2^30; null for what the site gives.</param>
/// <param name="GraceSeconds">Time from the request to end to the end itself, in 1..65,535; a checkpoint must fit into it.</param>
/// <param name="Restarts">How often one worker is started anew, in 0..10,000.</param>
public sealed record LaunchOptions(int Workers, int Cpus = 1, long? MemoryMebibytes = null, int GraceSeconds = 120, int Restarts = 50) : IValidatedOptions
{
    // The largest that sbatch takes for the time of a signal.
    private const int MostGraceSeconds = 65_535;

    /// <inheritdoc/>
    public IEnumerable<(string Member, string Message)> Validate() =>
    [
        .. LaunchProblems.OfRange(nameof(Workers), Workers, 1, 100_000),
        .. LaunchProblems.OfRange(nameof(Cpus), Cpus, 1, 4096),
        .. LaunchProblems.OfRange(nameof(MemoryMebibytes), MemoryMebibytes ?? 1, 1, 1 << 30),
        .. LaunchProblems.OfRange(nameof(GraceSeconds), GraceSeconds, 1, MostGraceSeconds),
        .. LaunchProblems.OfRange(nameof(Restarts), Restarts, 0, 10_000),
    ];
}
