namespace FixupNet.Experiments.Benchmarks;

/// <summary>Starts the contenders of a benchmark.</summary>
public interface IContenderLauncher
{
    /// <summary>Why a contender cannot run on this machine; null where it can.</summary>
    /// <param name="contender">What it would compute.</param>
    string? WhyNot(Contender contender);

    /// <summary>Starts one in a process of its own and waits for its first step.</summary>
    /// <param name="contender">What it computes.</param>
    /// <exception cref="IOException">It failed.</exception>
    IContenderProcess Start(Contender contender);
}
