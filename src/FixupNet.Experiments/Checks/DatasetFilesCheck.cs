using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Training.Data;

namespace FixupNet.Experiments.Checks;

/// <summary>The files of the dataset, or of the task, are there, and as long as they have to be.</summary>
internal sealed class DatasetFilesCheck : IStartCheck
{
    /// <inheritdoc/>
    public bool ConcernsContinuedRuns => true;

    /// <inheritdoc/>
    public object? Subject(TrainConfig config)
    {
        if (!config.TaskEntry.Traits.UsesDataset) return config.Task;
        return config.Registries.Datasets[config.Dataset.Name].NeedsFiles ? config.Dataset : null;
    }

    /// <inheritdoc/>
    public IEnumerable<DocumentProblem> Find(TrainConfig config, string device)
    {
        var usesDataset = config.TaskEntry.Traits.UsesDataset;
        var section = usesDataset ? "dataset" : "task";
        try
        {
            if (usesDataset) config.Registries.Datasets[config.Dataset.Name].RequireFiles(config.Dataset.Options);
            else config.TaskEntry.RequireFiles(config.Task.Options);
            return [];
        }
        catch (DatasetMissingException error)
        {
            return [new(section, $"cannot be loaded: {error.Message}", ProblemKind.Missing)];
        }
        catch (DatasetCorruptException error)
        {
            return [new(section, $"cannot be loaded: {error.Message}", ProblemKind.Mismatching)];
        }
    }
}
