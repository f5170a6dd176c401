using FixupNet.Architectures;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Trials;
using FixupNet.Training.Tasks;

namespace FixupNet.Experiments.Checks;

/// <summary>Initialization and dropout suit what the model takes, and shared embeddings its vocabularies.</summary>
internal sealed class SentenceCheck : IDocumentCheck
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Sections => ["task", "model", "initialization", "regularization"];

    /// <inheritdoc/>
    public object? Subject(TrainConfig config) => (config.Task, config.Model, config.Initialization, config.Regularization);

    /// <inheritdoc/>
    public IEnumerable<DocumentProblem> Find(TrainConfig config)
    {
        var model = config.Registries.Models[config.Model.Name];
        var (name, scheme) = StartingNetwork.SchemeOf(config);
        // A scheme that looks at examples which the task does not give is refused for that.
        if (!model.Fits(scheme) && (config.TaskEntry.Traits.HasSamples || !StartingNetwork.Computes(config)))
        {
            var fitting = config.Registries.Initializations.Where(entry => model.Fits(entry.Scheme)).Select(entry => $"\"{entry.Name}\"");
            yield return new("initialization.name", $"is \"{name}\", which is not for networks that take {model.Inputs}; must be one of {string.Join(", ", fitting)}.");
        }
        if (model.Inputs != ModelEntry.Sentences) yield break;
        if (config.Regularization.Drops.IsActive)
            yield return new("regularization", $"has dropout or stochastic depth of images; \"{model.Name}\" drops by an option of its own: set model.dropout.");
        if (config.Model.Options is TransformerOptions { Sharing: EmbeddingSharing.All } && config.Task.Options is TranslationOptions { JointVocabulary: false })
            yield return new("model.sharing", "is \"all\", which needs one vocabulary for both languages: set task.jointVocabulary to true, or share the output's embedding alone.");
    }
}
