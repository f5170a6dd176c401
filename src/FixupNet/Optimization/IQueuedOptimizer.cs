using static TorchSharp.torch;

namespace FixupNet.Optimization;

/// <summary>An optimizer whose updates can be queued on a device before what comes before them has been computed there, as a captured step needs it.</summary>
public interface IQueuedOptimizer : IOptimizer
{
    /// <summary>How many numbers an update takes from the host.</summary>
    int NumberCount { get; }

    /// <summary>The numbers of an update.</summary>
    /// <param name="ahead">Updates that are queued before it and not counted yet.</param>
    /// <param name="learningRateFactor">The schedule's factor, finite and 0 or more.</param>
    double[] Numbers(long ahead, double learningRateFactor);

    /// <summary>Queues an update along the gradients; nothing is waited for.</summary>
    /// <param name="numbers">The update's numbers [<see cref="NumberCount"/>], float64, on the parameters' device.</param>
    /// <param name="isAllowed">Bool []: where it is false, parameters and state stay as they are.</param>
    /// <returns>Bool []: whether every parameter is finite after the update, or would be.</returns>
    Tensor Queue(Tensor numbers, Tensor isAllowed);

    /// <summary>Counts an update that turned out to be made.</summary>
    void Count();
}
