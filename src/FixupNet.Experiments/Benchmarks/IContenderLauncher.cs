using FixupNet.Experiments.Configuration;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>Starts the contenders of a benchmark.</summary>
public interface IContenderLauncher
{
    /// <summary>Why contenders of a kind cannot run on this machine; null where they can.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="precision">How activations would be kept.</param>
    string? WhyNot(ContenderKind kind, Precision precision);

    /// <summary>Starts one in a process of its own and waits for its first step.</summary>
    /// <param name="contender">What it computes.</param>
    /// <exception cref="IOException">It failed.</exception>
    IContenderProcess Start(Contender contender);
}
