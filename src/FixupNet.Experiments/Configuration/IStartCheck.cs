using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Configuration;

/// <summary>Something that must be there before a valid document can be trained: files, a device.</summary>
public interface IStartCheck
{
    /// <summary>Whether a run that continues from a checkpoint needs it too.</summary>
    bool ConcernsContinuedRuns { get; }

    /// <summary>What its verdict depends on: trials with equal subjects share one verdict.</summary>
    /// <param name="config">A valid document.</param>
    /// <returns>The subject; null where there is nothing to check.</returns>
    object? Subject(TrainConfig config);

    /// <summary>Finds what is missing, at small cost: nothing is trained and no data are read.</summary>
    /// <param name="config">A valid document.</param>
    /// <param name="device">Where it is to be trained: auto, cpu, cuda or cuda:N.</param>
    IEnumerable<DocumentProblem> Find(TrainConfig config, string device);
}
