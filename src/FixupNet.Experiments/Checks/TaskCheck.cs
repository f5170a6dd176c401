using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Configuration.Schema;
using FixupNet.Experiments.Trials;
using FixupNet.Initialization;
using FixupNet.Training.Data;

namespace FixupNet.Experiments.Checks;

/// <summary>The other sections of a document suit its task.</summary>
internal sealed class TaskCheck : IDocumentCheck
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Sections => ["task", "dataset", "augmentation", "model", "initialization", "regularization", "checkpoint"];

    /// <inheritdoc/>
    public object? Subject(TrainConfig config) => (
        config.Task, config.Dataset, config.Augmentation, config.Model, config.Initialization, config.Regularization.LabelSmoothing, config.Checkpoint.BestBy);

    /// <inheritdoc/>
    public IEnumerable<DocumentProblem> Find(TrainConfig config)
    {
        var (task, traits) = (config.TaskEntry, config.TaskEntry.Traits);
        if (!traits.UsesDataset)
        {
            if (config.Dataset != new NamedSection(TrainConfig.DefaultDataset, new SyntheticShapesOptions())) yield return HasOwnData("dataset", task.Name);
            if (config.Augmentation != new AugmentationConfig()) yield return HasOwnData("augmentation", task.Name);
        }
        var model = config.Registries.Models[config.Model.Name];
        if (model.Inputs != traits.Inputs)
        {
            yield return new(
                "model.name",
                $"is \"{model.Name}\", which takes {model.Inputs}; the task \"{task.Name}\" gives {traits.Inputs}. "
                    + $"Use {Names(config.Registries.Models.Where(other => other.Inputs == traits.Inputs).Select(other => other.Name))}.");
        }
        if (config.Regularization.LabelSmoothing > 0 && !traits.SmoothsLabels)
            yield return new("regularization.labelSmoothing", $"must be 0 for the task \"{task.Name}\", which has no labels to smooth.");
        if (!traits.HasSamples && StartingNetwork.Computes(config))
            yield return new("initialization.name", $"is \"{StartingNetwork.SchemeOf(config).Name}\", which looks at examples with classes; the task \"{task.Name}\" gives none.");
        if (config.Checkpoint.BestBy is { } bestBy && task.Record.Metrics.All(metric => metric.Name != bestBy))
            yield return new("checkpoint.bestBy", $"is \"{ConfigText.Show(bestBy)}\"; the task \"{task.Name}\" measures {string.Join(", ", task.Record.Metrics.Select(metric => metric.Name))}.");
    }

    private static DocumentProblem HasOwnData(string section, string task) =>
        new(section, $"must be left out: it is about images of a dataset, and the task \"{task}\" has data of its own, which its options choose.");

    private static string Names(IEnumerable<string> names) => string.Join(" or ", names.Select(name => $"\"{name}\"").DefaultIfEmpty("a model of your own"));
}
