using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Training.Data;

namespace FixupNet.Experiments.Checks;

/// <summary>The dataset's files are there, and as long as they have to be.</summary>
internal sealed class DatasetFilesCheck : IStartCheck
{
    /// <inheritdoc/>
    public bool ConcernsContinuedRuns => true;

    /// <inheritdoc/>
    public object? Subject(TrainConfig config) => config.Registries.Datasets[config.Dataset.Name].Layout is null ? null : config.Dataset;

    /// <inheritdoc/>
    public IEnumerable<DocumentProblem> Find(TrainConfig config, string device)
    {
        try
        {
            config.Registries.Datasets[config.Dataset.Name].RequireFiles(config.Dataset.Options);
            return [];
        }
        catch (DatasetMissingException error)
        {
            return [new("dataset", $"cannot be loaded: {error.Message}", ProblemKind.Missing)];
        }
        catch (DatasetCorruptException error)
        {
            return [new("dataset", $"cannot be loaded: {error.Message}", ProblemKind.Mismatching)];
        }
    }
}
