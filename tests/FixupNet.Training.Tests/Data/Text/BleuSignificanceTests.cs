using FixupNet.Training.Data.Text;

namespace FixupNet.Training.Tests.Data.Text;

public class BleuSignificanceTests
{
    private static readonly string[] s_references = [.. Enumerable.Range(0, 60).Select(i => $"the {i} man reads book {i % 7} in the garden of house {i % 5} today")];

    [Test]
    public void Randomization_IsOne_WhenSystemsAreEqual()
    {
        var counts = Counts((_, words) => words);

        Assert.That(BleuSignificance.Randomization(counts, counts, seed: 1, trials: 99), Is.EqualTo(1));
    }

    [Test]
    public void Randomization_TellsSystemsApart_WhenOneIsBetterThroughout()
    {
        var better = Counts((_, words) => words);
        var worse = Counts((_, words) => [.. words.SkipLast(3)]);

        Assert.That(BleuSignificance.Randomization(better, worse, seed: 1, trials: 999), Is.EqualTo(0.001).Within(1e-12)); // none of the 999 is larger
    }

    [Test]
    public void Randomization_DoesNotTellSystemsApart_WhenEachIsBetterOnHalf()
    {
        var first = Counts((i, words) => i % 2 == 0 ? words : [.. words.SkipLast(3)]);
        var second = Counts((i, words) => i % 2 == 1 ? words : [.. words.SkipLast(3)]);

        Assert.That(BleuSignificance.Randomization(first, second, seed: 1, trials: 999), Is.GreaterThan(0.2));
    }

    [Test]
    public void Bootstrap_HoldsTheScore()
    {
        var counts = Counts((i, words) => i % 3 == 0 ? [.. words.SkipLast(4)] : words);

        var (mean, low, high) = BleuSignificance.Bootstrap(counts, seed: 1);

        var score = Bleu.Sum(counts).Score().Score;
        Assert.That((low < score, score < high, Math.Abs(mean - score) < (high - low) / 4), Is.EqualTo((true, true, true)));
    }

    [Test]
    public void Randomization_Throws_WhenSegmentsDiffer()
    {
        var counts = Counts((_, words) => words);

        Assert.That(() => BleuSignificance.Randomization(counts, [.. counts.Skip(1)], seed: 1), Throws.ArgumentException.With.Message.Contains("60 and 59"));
    }

    private static IReadOnlyList<BleuCounts> Counts(Func<int, string[], string[]> change) => Bleu.Count(
        [.. s_references.Select((reference, i) => string.Join(' ', change(i, reference.Split(' '))))], [.. s_references.Select(reference => (string[])[reference])]);
}
