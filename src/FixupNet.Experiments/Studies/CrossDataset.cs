using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training.Data;
using FixupNet.Training.Tasks;
using TorchSharp;

namespace FixupNet.Experiments.Studies;

/// <summary>How much of what is learned of one dataset holds on another one with the same classes (Torralba and Efros, CVPR 2011, Table 1).</summary>
/// <param name="Values">Of each source and of their mean: accuracy on itself and on the others, and the percent drop.</param>
/// <param name="Matrix">Accuracy by the source that was learned and the one that is asked.</param>
/// <param name="Diverged">Trainings that diverged, whose accuracy counts as chance.</param>
internal sealed record CrossDataset(IReadOnlyList<StudyValue> Values, StudyMatrix Matrix, int Diverged)
{
    /// <summary>Trains on each source and tests on all.</summary>
    /// <param name="trial">The trial, by whose recipe it trains.</param>
    /// <param name="sources">The sources; the same classes in each.</param>
    /// <param name="epochs">Passes over a training set; null for the trial's.</param>
    internal static CrossDataset Run(StudyTrial trial, IReadOnlyList<ImageDataset> sources, int? epochs)
    {
        var options = new BatchOptions(1, Crop: false, Flip: false, MixupAlpha: 0, trial.Network.parameters().First().dtype);
        List<BatchPipeline> asked = [.. sources.Select(source => new BatchPipeline(source, options, trial.Seeds, trial.Device))];
        try
        {
            var (rows, diverged) = (new List<IReadOnlyList<double>>(), 0);
            foreach (var (index, source) in sources.Index())
            {
                using var training = trial.Trainings.Train($"class-{index + 1}", new TrainingVariation { Epochs = epochs, Data = source });
                if (training.Diverged) diverged++;
                rows.Add([.. asked.Zip(sources, (images, other) => training.Diverged ? 1.0 / source.ClassNames.Count : StudyAccuracy.OnTest(training.Network, images, other.Test.Labels))]);
            }
            IReadOnlyList<string> names = [.. sources.Select(source => source.Name)];
            return new CrossDataset(ValuesOf(names, rows), new StudyMatrix("cross-dataset accuracy", "trained on", "tested on", names, names, rows, Metric.Share), diverged);
        }
        finally
        {
            foreach (var images in asked) images.Dispose();
        }
    }

    /// <summary>What a matrix says: of each row, and of the mean row.</summary>
    /// <param name="names">Names of the sources.</param>
    /// <param name="accuracies">Rows by the source that was learned, columns by the one that is asked.</param>
    internal static IReadOnlyList<StudyValue> ValuesOf(IReadOnlyList<string> names, IReadOnlyList<IReadOnlyList<double>> accuracies)
    {
        List<(string Name, double Self, double Others)> rows =
            [.. accuracies.Select((row, source) => (names[source], row[source], row.Where((_, other) => other != source).Average()))];
        return [.. rows.Prepend(("mean of the sources", rows.Average(row => row.Self), rows.Average(row => row.Others))).SelectMany(Of)];

        // A drop from nothing is none.
        static IEnumerable<StudyValue> Of((string Name, double Self, double Others) row) =>
        [
            new($"cross-dataset, {row.Name}: self", row.Self, Metric.Share), new($"cross-dataset, {row.Name}: mean of others", row.Others, Metric.Share),
            .. row.Self > 0 ? [new($"cross-dataset, {row.Name}: percent drop", 100 * (row.Self - row.Others) / row.Self, "%")] : Array.Empty<StudyValue>(),
        ];
    }
}
