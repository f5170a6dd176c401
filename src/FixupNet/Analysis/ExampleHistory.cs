namespace FixupNet.Analysis;

/// <summary>What became of one example over a training (arXiv:1812.05159).</summary>
/// <param name="Presentations">How often it was presented.</param>
/// <param name="FirstLearned">The first presentation, from 0, at which it was classified right; null if at none.</param>
/// <param name="ForgottenAt">Presentations at which it was wrong after having been right at the one before.</param>
/// <param name="PresentationsToLearn">Presentations up to the last at which it was wrong; all of them where it never came to stay right.</param>
public sealed record ExampleHistory(int Presentations, int? FirstLearned, IReadOnlyList<int> ForgottenAt, int PresentationsToLearn)
{
    /// <summary>Whether it was classified right, presentation after presentation.</summary>
    public IReadOnlyList<bool> Right { get; init; } = [];

    /// <summary>Its score: forgetting events, or all presentations where it was never learned.</summary>
    public int Score => FirstLearned is null ? Presentations : ForgottenAt.Count;

    /// <summary>Whether it was learned and never forgotten.</summary>
    public bool IsUnforgettable => FirstLearned is not null && ForgottenAt.Count == 0;

    /// <summary>Reads a history.</summary>
    /// <param name="right">Whether it was classified right, presentation after presentation.</param>
    public static ExampleHistory Of(IReadOnlyList<bool> right)
    {
        var first = right.Index().Where(item => item.Item).Select(item => (int?)item.Index).FirstOrDefault();
        var lastWrong = right.Index().Where(item => !item.Item).Select(item => item.Index).LastOrDefault(-1);
        return new ExampleHistory(
            right.Count, first, [.. Enumerable.Range(1, Math.Max(0, right.Count - 1)).Where(t => right[t - 1] && !right[t])],
            lastWrong + 1)
        {
            Right = right,
        };
    }

    /// <summary>Examples in the order in which they could be left out: by the sum of their scores over runs, of equals the first.</summary>
    /// <param name="runs">The same examples in each of one or more trainings.</param>
    public static IReadOnlyList<int> Order(IReadOnlyList<IReadOnlyList<ExampleHistory>> runs) =>
        [.. Enumerable.Range(0, runs[0].Count).OrderBy(example => runs.Sum(run => (long)run[example].Score))];
}
