
namespace FixupNet.Experiments.Benchmarks;

/// <summary>What a benchmark measures and for how long.</summary>
/// <param name="Model">The model.</param>
/// <param name="Depths">Depths at which all contenders are held against each other.</param>
/// <param name="DeepDepths">Depths at which the engine alone is measured, against itself at <see cref="ReferenceDepth"/>.</param>
/// <param name="BatchSize">Examples of a step.</param>
/// <param name="Threads">CPU threads.</param>
/// <param name="Rounds">Turns that each contender gets.</param>
/// <param name="SecondsPerRound">Time of a turn; one step at least is computed.</param>
/// <param name="Groups">Who takes part.</param>
/// <param name="Device">Where all compute: cpu, cuda or cuda:N.</param>
/// <param name="Variant">Which networks: the method, by its name.</param>
public sealed record BenchmarkOptions(
    BenchmarkModel Model, IReadOnlyList<int> Depths, IReadOnlyList<int> DeepDepths, int BatchSize, int Threads, int Rounds, double SecondsPerRound,
    IReadOnlyList<ContenderGroup> Groups, string Device = "cpu", string Variant = "fixup")
{
    /// <summary>Whether it is a GPU.</summary>
    public bool IsOnCard => Device != "cpu";

    /// <summary>The depth whose time a layer deeper networks are held against.</summary>
    public const int ReferenceDepth = 110;

    /// <summary>What a deeper network may take.</summary>
    /// <param name="depth">Its layers.</param>
    public static string DeepMemoryBudget(int depth) => depth <= 2000 ? "1.5GB" : "4GB";

    // A step of ten thousand layers takes about a minute.
    private const int MostDeepRounds = 3;

    /// <summary>Turns of each contender at the deep depths.</summary>
    public int DeepRounds => Math.Min(Rounds, MostDeepRounds);
}
