using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Configuration;

/// <summary>Something that must hold for a train document as a whole, beyond each of its sections alone, on any machine.</summary>
public interface IDocumentCheck
{
    /// <summary>The sections it reads; it is not asked where one of them is invalid by itself.</summary>
    IReadOnlyList<string> Sections { get; }

    /// <summary>What its verdict depends on: trials with equal subjects share one verdict.</summary>
    /// <param name="config">A document of which <see cref="Sections"/> are valid; others may be null.</param>
    /// <returns>The subject; null where there is nothing to check.</returns>
    object? Subject(TrainConfig config);

    /// <summary>Finds what is wrong.</summary>
    /// <param name="config">A document of which <see cref="Sections"/> are valid; others may be null.</param>
    IEnumerable<DocumentProblem> Find(TrainConfig config);
}
