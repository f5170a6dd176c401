using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Training.Data;

namespace FixupNet.Experiments.Studies;

/// <summary>Options of the "name-that-dataset" study.</summary>
/// <param name="Train">
/// A .bin of CIFAR-10's records whose labels are sources, to learn from, or one a source, separated by commas, whose labels are classes of the trial's dataset; null: the trial's own images, each seen by
/// one of four cameras.
/// </param>
/// <param name="Test">The like to measure on; needed with <paramref name="Train"/>.</param>
/// <param name="Names">Names of the sources, separated by commas, in the order of their labels; null: "source 1" and so on.</param>
/// <param name="Sizes">Numbers of training examples: all, half of them, a quarter …</param>
/// <param name="Epochs">Passes over the training set; null for the trial's.</param>
/// <param name="Cross">Whether networks are also trained to tell classes, on each source alone, and tested on every source.</param>
public sealed record NameThatDatasetOptions(
    [property: Description("A .bin of CIFAR-10's records whose labels are sources, or one a source, separated by commas, whose labels are classes; null: the trial's images through four cameras.")] string? Train = null,
    [property: Description("The like to measure on.")] string? Test = null,
    [property: Description("Names of the sources, separated by commas.")] string? Names = null,
    [property: Description("Numbers of training examples: all, half of them, a quarter …"), Range(1, 10)] int Sizes = 3,
    [property: Description("Passes over the training set; null: the trial's."), Range(1, 1_000_000)] int? Epochs = null,
    [property: Description("Also train on the classes of each source alone, and test on every source.")] bool Cross = false);

/// <summary>Whether a network can tell which dataset an image is from (Torralba and Efros, CVPR 2011).</summary>
/// <remarks>The control splits the first source into two halves at random, which nobody can tell apart: what it exceeds chance by is chance's own.</remarks>
internal static class NameThatDatasetStudy
{
    private const int FewestSources = 2;

    internal static StudyFindings Run(StudyTrial trial, NameThatDatasetOptions options)
    {
        var sources = ImageSources.Of(trial, options);
        var byClass = options.Cross ? ImageSources.ByClass(trial, options) : null;
        var (count, diverged) = (sources.ClassNames.Count, 0);
        double[] parts = [.. Enumerable.Range(0, options.Sizes).Select(i => Math.Pow(0.5, options.Sizes - 1 - i))];
        var (whole, matrix) = Whole();
        List<StudyValue> values = [.. Bounded("accuracy", whole, sources.Test.Count)];
        var byPart = parts.Select((part, i) => i == parts.Length - 1 ? whole : Accuracy(FormattableString.Invariant($"part-{part}"), ImageSources.Part(sources, part))).ToArray();
        var bySources = Enumerable.Range(FewestSources, count - FewestSources + 1)
            .Select(few => few == count ? whole : Accuracy($"sources-{few}", sources.OfClasses([.. Enumerable.Range(0, few)], renumbered: true))).ToArray();
        var control = ImageSources.Halves(sources, trial.Seeds);
        values.AddRange(Bounded("accuracy on two halves of one source", Accuracy("control", control), control.Test.Count));
        var cross = byClass is null ? null : CrossDataset.Run(trial, byClass, options.Epochs);
        values.AddRange(cross?.Values ?? []);
        values.AddRange([new("chance", 1.0 / count, Metric.Share), new("trainings that diverged", diverged + (cross?.Diverged ?? 0))]);
        return new StudyFindings(
            values,
            [
                new("accuracy against examples of a source", "training examples of a source", "accuracy", [.. parts.Select(part => Math.Round(part * sources.Train.Count / count))], byPart, Metric.Share),
                new("accuracy against sources", "sources", "accuracy", [.. Enumerable.Range(FewestSources, count - FewestSources + 1).Select(few => (double)few)], bySources, Metric.Share),
            ],
            cross is null ? [matrix] : [matrix, cross.Matrix]);

        double Accuracy(string name, ImageDataset data)
        {
            using var training = trial.Trainings.Train(name, new TrainingVariation { Epochs = options.Epochs, Data = data });
            if (training.Diverged) diverged++;
            return training.TestAccuracy;
        }

        (double Accuracy, StudyMatrix Named) Whole()
        {
            using var training = trial.Trainings.Train("all", new TrainingVariation { Epochs = options.Epochs, Data = sources });
            if (training.Diverged) diverged++;
            using var probabilities = StudyAccuracy.Probabilities(training.Network, training.Images, sources.Test.Count);
            var named = probabilities.argmax(1).data<long>().ToArray();
            return (training.TestAccuracy, new StudyMatrix(
                "sources named", "source", "named", sources.ClassNames, sources.ClassNames,
                [.. Enumerable.Range(0, count).Select(source =>
                {
                    var answers = named.Where((_, image) => sources.Test.Labels[image] == source).ToList();
                    return (IReadOnlyList<double>)[.. Enumerable.Range(0, count).Select(answer => answers.Count == 0 ? double.NaN : answers.Count(given => given == answer) / (double)answers.Count)];
                })],
                Metric.Share));
        }
    }

    private static IEnumerable<StudyValue> Bounded(string name, double share, int images) =>
        new StudyValue(name, share, Metric.Share).WithInterval((long)Math.Round(share * images), images);
}
