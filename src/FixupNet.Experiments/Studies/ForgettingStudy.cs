using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Analysis;
using FixupNet.Randomness;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Studies;

/// <summary>Options of the "forgetting" study.</summary>
/// <param name="Runs">Trainings of different seeds in which events are counted; examples are ranked by their sum.</param>
/// <param name="Removals">How many shares of the training set are left out, evenly spaced up to <paramref name="LargestRemoval"/>; 0 for none.</param>
/// <param name="LargestRemoval">The largest of them.</param>
/// <param name="RandomDraws">Draws of as many random examples that are left out instead.</param>
/// <param name="Epochs">Passes over the training set; null for the trial's.</param>
public sealed record ForgettingOptions(
    [property: Description("Trainings of different seeds in which events are counted."), Range(1, 100)] int Runs = 2,
    [property: Description("How many shares of the examples are left out."), Range(0, 100)] int Removals = 2,
    [property: Description("The largest share left out."), Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)] double LargestRemoval = 0.6,
    [property: Description("Draws of random examples that are left out instead."), Range(1, 100)] int RandomDraws = 3,
    [property: Description("Passes over the training set; null: the trial's."), Range(1, 1_000_000)] int? Epochs = null);

/// <summary>Which examples are forgotten during training, and which need not be there (arXiv:1812.05159).</summary>
/// <remarks>
/// An example's class is looked up in the step that learns from it: in its augmented form, in training mode, before the update. An event is a
/// wrong classification after a right one at the presentation before; an example never learned counts as forgotten at every presentation.
/// </remarks>
internal static class ForgettingStudy
{
    internal static StudyFindings Run(StudyTrial trial, ForgettingOptions options)
    {
        if (trial.Trainings.MixesImages) throw new StudyRefusedException("augmentation.mixupAlpha", "is above 0; must be 0 for the study \"forgetting\": a mixed image has no one class that could be forgotten.");
        var (histories, whole, diverged) = Observe(trial, options);
        double[] shares = [.. Enumerable.Range(1, options.Removals).Select(i => options.LargestRemoval * i / options.Removals)];
        var (least, random) = (new double[shares.Length], new double[shares.Length][]);
        var order = ExampleHistory.Order(histories);
        foreach (var (i, share) in shares.Index())
        {
            var count = (int)Math.Round(share * order.Count);
            least[i] = Without(FormattableString.Invariant($"least-{share:F2}"), order.Take(count));
            random[i] = [.. Enumerable.Range(0, options.RandomDraws).Select(draw => Without(
                FormattableString.Invariant($"random-{share:F2}-{draw}"), Permutation.Of(order.Count, trial.Seeds.Stream("study-forgetting-removal", 0, draw)).Take(count)))];
        }
        List<StudyValue> values = [.. Counts(trial, histories), new("test accuracy, all examples", whole, Metric.Share)];
        if (shares.Length > 0)
        {
            var largest = FormattableString.Invariant($"{shares[^1] * 100:F0} %");
            values.Add(new($"test accuracy without the least forgotten {largest}", least[^1], Metric.Share));
            values.Add(new($"test accuracy without random {largest}", random[^1].Average(), Metric.Share, StudyNumbers.StandardError(random[^1])));
        }
        values.Add(new("trainings that diverged", diverged));
        return new StudyFindings(values, shares.Length == 0 ? [] :
        [
            new("accuracy without the least forgotten examples", "share of examples left out", "test accuracy", [0, .. shares], [whole, .. least], Metric.Share),
            new("accuracy without random examples", "share of examples left out", "test accuracy", [0, .. shares], [whole, .. random.Select(draws => draws.Average())], Metric.Share),
        ]);

        double Without(string name, IEnumerable<int> leftOut)
        {
            var removed = leftOut.ToHashSet();
            var data = trial.Dataset.Subset([.. Enumerable.Range(0, order.Count).Where(example => !removed.Contains(example))]);
            using var training = trial.Trainings.Train(name, new TrainingVariation { Epochs = options.Epochs, Data = data });
            if (training.Diverged) diverged++;
            return training.TestAccuracy;
        }
    }

    private static (List<IReadOnlyList<ExampleHistory>> Histories, double Accuracy, int Diverged) Observe(StudyTrial trial, ForgettingOptions options)
    {
        var (histories, accuracy, diverged) = (new List<IReadOnlyList<ExampleHistory>>(), 0.0, 0);
        for (var run = 0; run < options.Runs; run++)
        {
            // The first one is the trial's own training; its seeds are those of the trainings with fewer examples, too.
            var seeds = run == 0 ? trial.Seeds : new SeedPlan(trial.Seeds.SeedOf("study-forgetting", run));
            using var training = trial.Trainings.Train($"observed-{run}", new TrainingVariation { Epochs = options.Epochs, Seeds = seeds, RecordsExamples = true });
            histories.Add(training.Examples);
            if (run == 0) accuracy = training.TestAccuracy;
            if (training.Diverged) diverged++;
        }
        return (histories, accuracy, diverged);
    }

    private static IEnumerable<StudyValue> Counts(StudyTrial trial, List<IReadOnlyList<ExampleHistory>> histories)
    {
        var examples = Enumerable.Range(0, histories[0].Count).ToList();
        yield return new("forgetting events per example", histories.Average(run => run.Average(example => example.ForgottenAt.Count)));
        yield return new("never learned", histories.Average(run => Share(run, example => example.FirstLearned is null)), Metric.Share);
        yield return new("unforgettable, of one run", histories.Average(run => Share(run, example => example.IsUnforgettable)), Metric.Share);
        // What the same accuracies would give if at every epoch it were chance who is right.
        yield return new("unforgettable, of one run, by chance", histories.Average(run => Share(Shuffled(run, trial.Seeds), example => example.IsUnforgettable)), Metric.Share);
        if (histories.Count == 1) yield break;
        yield return new($"unforgettable, of all {histories.Count} runs", examples.Average(example => histories.All(run => run[example].IsUnforgettable) ? 1.0 : 0.0), Metric.Share);
        var correlations = from i in Enumerable.Range(0, histories.Count) from j in Enumerable.Range(0, i)
            select MapComparison.SpearmanOf(Scores(histories[i]), Scores(histories[j]));
        // Of runs in which all examples have one score there is no order to agree on.
        yield return new("rank correlation between runs", correlations.Average(value => double.IsNaN(value) ? 0 : value));
    }

    private static double Share(IReadOnlyList<ExampleHistory> run, Func<ExampleHistory, bool> counts) => run.Average(example => counts(example) ? 1.0 : 0.0);

    private static double[] Scores(IReadOnlyList<ExampleHistory> run) => [.. run.Select(example => (double)example.Score)];

    /// <summary>The same numbers of right classifications at every presentation, by other examples.</summary>
    internal static IReadOnlyList<ExampleHistory> Shuffled(IReadOnlyList<ExampleHistory> run, SeedPlan seeds)
    {
        var presentations = run.Min(example => example.Presentations);
        var columns = Enumerable.Range(0, presentations)
            .Select(t => Permutation.Of(run.Count, seeds.Stream("study-forgetting-shuffle", t)).Select(example => run[example].Right[t]).ToArray()).ToList();
        return [.. Enumerable.Range(0, run.Count).Select(example => ExampleHistory.Of([.. columns.Select(column => column[example])]))];
    }
}
