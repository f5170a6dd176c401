using FixupNet.Training;

namespace FixupNet.Experiments.Trials;

/// <summary>Memory as a training step finds it: dataset, weights, gradients and optimizer state are already there.</summary>
/// <param name="ResidentBytes">Memory of the process.</param>
/// <param name="FreeBytes">Memory that the system would still give.</param>
internal sealed record MemoryNow(long ResidentBytes, long FreeBytes)
{
    /// <summary>Of this process, at this moment.</summary>
    internal static MemoryNow Read() => new(ProcessMemory.ResidentBytes, SystemMemory.FreeBytes);
}
