using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Training.Data;

namespace FixupNet.Experiments.Checks;

/// <summary>No more examples are asked for than the dataset has.</summary>
internal sealed class ExampleCountCheck : IDocumentCheck
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Sections => ["task", "dataset"];

    /// <inheritdoc/>
    public object? Subject(TrainConfig config) => config.TaskEntry.Traits.UsesDataset ? config.Dataset : null;

    /// <inheritdoc/>
    public IEnumerable<DocumentProblem> Find(TrainConfig config)
    {
        var entry = config.Registries.Datasets[config.Dataset.Name];
        if (entry.Layout is not { } layout || entry.CountsOf(config.Dataset.Options) is not var (train, test)) yield break;
        if (train > layout.TrainExamples) yield return Problem("trainExamples", train, $"{entry.Name} has {layout.TrainExamples} training images");
        if (test > layout.TestExamples) yield return Problem("testExamples", test, $"{entry.Name} has {layout.TestExamples} test images");
    }

    private static DocumentProblem Problem(string option, int count, string available) =>
        new($"dataset.{option}", $"is {count}; {available}. Use that many at most, or null for all.");
}
