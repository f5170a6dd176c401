using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Training.Data;

namespace FixupNet.Experiments.Checks;

/// <summary>A batch larger than the training set is never full: each step takes the whole set.</summary>
internal sealed class BatchSizeCheck : IDocumentCheck
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Sections => ["task", "dataset", "training"];

    /// <inheritdoc/>
    public object? Subject(TrainConfig config) => config.TaskEntry.Traits.UsesDataset ? (config.Dataset, config.Training.BatchSize) : null;

    /// <inheritdoc/>
    public IEnumerable<DocumentProblem> Find(TrainConfig config)
    {
        // Of a folder, only its files tell.
        if (config.Registries.Datasets[config.Dataset.Name].CountsOf(config.Dataset.Options) is not { Train: var count } || config.Training.BatchSize <= count) yield break;
        yield return new(
            "training.batchSize", $"is {config.Training.BatchSize}, more than the {count} training images: every step takes all of them.", ProblemKind.Warning);
    }
}
