using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Experiments.Statistics;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Studies;

/// <summary>Options of the "tuning" study.</summary>
/// <param name="By">Key of the sweep whose values are searches of their own, to be compared; null for one search.</param>
/// <param name="Budget">N at which searches are compared; null for half of the configurations of the smallest.</param>
/// <param name="Confidence">Of the intervals; where several pairs are compared it holds for all of them together (Bonferroni).</param>
/// <param name="Resamples">Draws of an interval.</param>
public sealed record TuningOptions(
    [property: Description("Key of the sweep whose values are searches to be compared; null: one search.")] string? By = null,
    [property: Description("Configurations at which searches are compared; null: half of the smallest search."), Range(1, 10_000)] int? Budget = null,
    [property: Description("Confidence of the intervals, of all comparisons together."), Range(0.5, 0.9999)] double Confidence = 0.95,
    [property: Description("Draws of an interval."), Range(100, 1_000_000)] int Resamples = 2000);

/// <summary>What the best of N configurations of a sweep is worth (arXiv:1909.03004): the expected maximum against N, and two searches at the same N.</summary>
/// <remarks>The score of a configuration is the mean over its seeds; a seed that diverged counts as 0, or where less is better as the worst there is.</remarks>
internal static class TuningStudy
{
    private const ulong Seed = 20190901;

    internal static StudyFindings Run(StudySweep sweep, TuningOptions options)
    {
        var searches = Searches(sweep, options.By);
        List<StudyValue> values = [];
        List<StudyCurve> curves = [];
        foreach (var (name, scores) in searches)
        {
            var prefix = name.Length > 0 ? $"{name}: " : "";
            double Best(int count) => ExpectedMaximum.Of(scores, count);
            values.Add(new($"{prefix}configurations", scores.Count));
            foreach (var count in (int[])[1, Math.Max(1, scores.Count / 2)])
            {
                var (lower, upper) = ExpectedMaximum.Interval([scores], drawn => ExpectedMaximum.Of([.. drawn[0]], count), options.Confidence, (options.Resamples, Seed));
                if (count == 1 || scores.Count > 3) values.AddRange(Interval($"{prefix}expected best of {count}", Best(count), lower, upper));
            }
            values.Add(Value($"{prefix}best of all", Best(scores.Count)));
            curves.Add(new($"{prefix}expected best against the number of configurations", "configurations", sweep.Metric, [.. Numbers(scores).Select(count => (double)count)], [.. Numbers(scores).Select(count => sweep.Sign * Best(count))], sweep.Unit));
        }
        return new StudyFindings([.. values, .. Comparisons()], curves);

        IEnumerable<StudyValue> Comparisons()
        {
            var budget = options.Budget ?? Math.Max(1, searches.Min(search => search.Scores.Count) / 2);
            List<((string Name, List<double> Scores) Left, (string Name, List<double> Scores) Right)> pairs =
                [.. from i in Enumerable.Range(0, searches.Count) from j in Enumerable.Range(i + 1, searches.Count - i - 1) select (searches[i], searches[j])];
            foreach (var (left, right) in pairs)
            {
                double Difference(IReadOnlyList<double> a, IReadOnlyList<double> b) => ExpectedMaximum.Of([.. a], budget) - ExpectedMaximum.Of([.. b], budget);
                var (lower, upper) = ExpectedMaximum.Interval(
                    [left.Scores, right.Scores], drawn => Difference(drawn[0], drawn[1]), 1 - (1 - options.Confidence) / pairs.Count, (options.Resamples, Seed));
                foreach (var value in Interval($"{left.Name} over {right.Name}, best of {budget}", Difference(left.Scores, right.Scores), lower, upper)) yield return InPoints(value);
            }
        }

        // Differences of shares may be below 0.
        static StudyValue InPoints(StudyValue value) => value.Unit == Metric.Share ? value with { Value = 100 * value.Value, Unit = "points" } : value;

        // Of a metric of which less is better, the scores were turned round.
        StudyValue Value(string name, double score) => new(name, sweep.Sign * score, sweep.Unit);

        IEnumerable<StudyValue> Interval(string name, double score, double lower, double upper)
        {
            if (sweep.Sign < 0) (lower, upper) = (upper, lower);
            return [Value(name, score), Value($"{name}, lower end", lower), Value($"{name}, upper end", upper)];
        }

        static IEnumerable<int> Numbers(List<double> scores) => Enumerable.Range(1, scores.Count);
    }

    internal static void Check(StudySweep sweep, TuningOptions options)
    {
        if (options.By is { } key && sweep.Trials.All(trial => !trial.Parameters.ContainsKey(key)))
        {
            var keys = sweep.Trials.SelectMany(trial => trial.Parameters.Keys).Distinct();
            throw new StudyRefusedException("by", $"is \"{key}\"; must be a key of the sweep's grid: {string.Join(", ", keys)}.");
        }
        var (small, few) = Searches(sweep, options.By).MinBy(search => search.Scores.Count);
        if (options.Budget > few.Count)
            throw new StudyRefusedException("budget", $"is {options.Budget}; must be at most {few.Count}, the configurations of {(small.Length > 0 ? small : "the sweep")}.");
    }

    private static List<(string Name, List<double> Scores)> Searches(StudySweep sweep, string? by) =>
    [
        .. sweep.Trials.GroupBy(trial => by is null ? "" : trial.Parameters.GetValueOrDefault(by, "")).Select(search => (search.Key,
            search.GroupBy(trial => string.Join('\n', trial.Parameters.Select(pair => $"{pair.Key}={pair.Value}"))).Select(trials => trials.Average(trial => trial.Score)).ToList())),
    ];
}
