using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Runs;
using FixupNet.Training.Checkpoints;
using FixupNet.Training.Data;

namespace FixupNet.Experiments.Checks;

/// <summary>The weights that training starts from are there and are those of the network.</summary>
internal sealed class StartingWeightsCheck : IStartCheck
{
    private const string Key = "initialization.weights";

    /// <inheritdoc/>
    public bool ConcernsContinuedRuns => false; // those have weights of their own

    /// <inheritdoc/>
    public object? Subject(TrainConfig config) => config.Initialization.Weights is { } file ? (file, config.Model, config.Task, NetworkOf(config)) : null;

    // What of the dataset decides the network: a folder's files decide its classes, and are not listed for this.
    private static object NetworkOf(TrainConfig config) =>
        config.Registries.Datasets[config.Dataset.Name].ClassNames is { Count: var count } ? count : config.Dataset;

    /// <inheritdoc/>
    public IEnumerable<DocumentProblem> Find(TrainConfig config, string device)
    {
        var file = config.Initialization.Weights!;
        var shown = PrintableText.Of(file);
        if (Directory.Exists(file)) return [new(Key, $"is \"{shown}\", a folder; must be a .safetensors file.", ProblemKind.Missing)];
        if (!File.Exists(file)) return [new(Key, $"is \"{shown}\"; there is no such file.", ProblemKind.Missing)];
        // The network of another task has the size of its data, which are not read here.
        if (!config.TaskEntry.Traits.UsesDataset) return [];
        try
        {
            var (dataset, options) = (config.Registries.Datasets[config.Dataset.Name], config.Dataset.Options);
            using var network = config.Registries.Models[config.Model.Name].Create(config.Model.Options, dataset.ClassCountOf(options), dataset.ShapeOf(options));
            ModelWeights.Require(network, file);
            return [];
        }
        catch (DatasetMissingException)
        {
            return []; // another check tells it
        }
        catch (InvalidDataException error)
        {
            return [new(Key, $"does not fit the network: {error.Message}", ProblemKind.Mismatching)];
        }
    }
}
