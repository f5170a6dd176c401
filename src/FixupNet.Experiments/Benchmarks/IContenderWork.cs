using FixupNet.Training;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>What a contender's process computes.</summary>
internal interface IContenderWork : IDisposable
{
    /// <summary>Makes all that a step needs and does the first one.</summary>
    ContenderReady Begin();

    /// <summary>Does one step.</summary>
    /// <returns>Its time, and that to measure and write gradient norms once more, if that is done.</returns>
    (double StepSeconds, double? RecordSeconds) Step();

    /// <summary>The most memory that it has held so far, on the device that computes.</summary>
    long PeakMemoryBytes => ProcessMemory.PeakBytes;
}
