namespace FixupNet.Experiments.Benchmarks;

/// <summary>A contender that has done its first step and waits; disposing ends it.</summary>
public interface IContenderProcess : IDisposable
{
    /// <summary>What it said of itself.</summary>
    ContenderReady Ready { get; }

    /// <summary>Time from the start of the process to the end of its first step.</summary>
    double FirstStepSeconds { get; }

    /// <summary>Lets it compute steps while the others wait.</summary>
    /// <param name="seconds">For how long; one step at least.</param>
    /// <exception cref="IOException">It ended or said something else.</exception>
    ContenderRound Run(double seconds);
}
