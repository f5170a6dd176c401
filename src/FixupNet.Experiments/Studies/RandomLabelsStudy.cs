using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Randomness;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Studies;

/// <summary>Options of the "random-labels" study.</summary>
/// <param name="Shares">How many shares of random labels there are, evenly spaced from 0 to 1: 3 is 0, ½ and 1.</param>
/// <param name="Epochs">Passes over the training set; null for the trial's.</param>
/// <param name="FitAccuracy">Training accuracy at which a network counts as having fitted its labels.</param>
public sealed record RandomLabelsOptions(
    [property: Description("How many shares of random labels, evenly spaced from 0 to 1."), Range(2, 101)] int Shares = 3,
    [property: Description("Passes over the training set; null: the trial's."), Range(1, 1_000_000)] int? Epochs = null,
    [property: Description("Training accuracy at which labels count as fitted."), Range(0.0, 1.0)] double FitAccuracy = 0.999);

/// <summary>How well a recipe fits labels that say nothing (arXiv:1611.03530): labels of the training split are drawn anew, those of the test split stay.</summary>
/// <remarks>A label is replaced with probability p by a uniform draw over all classes, the true one among them: at p = 1, one in K stays right.</remarks>
internal static class RandomLabelsStudy
{
    private const string Stream = "study-random-labels";

    internal static StudyFindings Run(StudyTrial trial, RandomLabelsOptions options)
    {
        double[] shares = [.. Enumerable.Range(0, options.Shares).Select(i => i / (options.Shares - 1.0))];
        var (train, test, first) = (new double[shares.Length], new double[shares.Length], new int?[shares.Length]);
        var (diverged, epochs) = (0, options.Epochs ?? trial.Trainings.Epochs);
        foreach (var (i, share) in shares.Index())
        {
            var data = trial.Dataset;
            var labels = Corrupted(data.Train.Labels, data.ClassNames.Count, share, trial.Seeds);
            using var training = trial.Trainings.Train(FormattableString.Invariant($"share-{share:F2}"), new TrainingVariation { Epochs = options.Epochs, Data = data.WithLabels(labels) });
            // Of a network that diverged nothing is known but that it fitted nothing.
            train[i] = training.Diverged ? 1.0 / data.ClassNames.Count : StudyAccuracy.OnTraining(training.Network, training.Images);
            test[i] = training.TestAccuracy;
            first[i] = training.Epochs.FirstOrDefault(epoch => epoch.TrainAccuracy >= options.FitAccuracy)?.Epoch;
            if (training.Diverged) diverged++;
        }
        return new StudyFindings(
            [
                new("training accuracy, true labels", train[0], Metric.Share),
                new("training accuracy, random labels", train[^1], Metric.Share),
                new("test accuracy, true labels", test[0], Metric.Share),
                new("test accuracy, random labels", test[^1], Metric.Share),
                new("generalization gap, true labels", Math.Max(0, train[0] - test[0]), Metric.Share),
                .. Fitted("true labels", first[0]), .. Fitted("random labels", first[^1]),
                new("trainings that diverged", diverged),
            ],
            [
                new("training accuracy against random labels", "share of random labels", "training accuracy", shares, train, Metric.Share),
                new("test accuracy against random labels", "share of random labels", "test accuracy", shares, test, Metric.Share),
            ]);

        // The number of epochs is known only where they were enough: else the name says that there were more.
        IEnumerable<StudyValue> Fitted(string labels, int? epoch) =>
            [new(epoch is null ? $"epochs to fit {labels} (more than)" : $"epochs to fit {labels}", epoch ?? epochs, "epochs")];
    }

    /// <summary>Labels of which some were drawn anew; those drawn for a smaller share are among those drawn for a larger one.</summary>
    internal static byte[] Corrupted(byte[] labels, int classCount, double share, SeedPlan seeds) => [.. labels.Select((label, i) =>
    {
        var random = new CounterRandom(seeds.Stream(Stream, 0, i));
        var isReplaced = random.NextDouble() < share;
        return isReplaced ? (byte)random.NextInt(classCount) : label;
    })];
}
