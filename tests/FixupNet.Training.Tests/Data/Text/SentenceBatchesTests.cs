using FixupNet.Randomness;
using FixupNet.Training.Data.Text;

namespace FixupNet.Training.Tests.Data.Text;

public class SentenceBatchesTests
{
    private const int Tokens = 120;

    // Pair i has 1 + i mod 17 and 1 + i mod 11 units.
    private static readonly EncodedText s_text = new(
        [.. Enumerable.Range(0, 150).Select(i => (int[])[.. Enumerable.Range(4, 1 + i % 17)])], [.. Enumerable.Range(0, 150).Select(i => (int[])[.. Enumerable.Range(30, 1 + i % 11)])]);

    [Test]
    public void At_GivesEveryPairOnceAnEpoch_AndNoBatchTooLarge()
    {
        var batches = new SentenceBatches(s_text, Tokens, 20, new SeedPlan(1));

        var epoch = Enumerable.Range(0, batches.Count).Select(i => batches.At(3, i)).ToArray();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(epoch.SelectMany(pairs => pairs).Order(), Is.EqualTo(Enumerable.Range(0, 150)));
            Assert.That(epoch.Max(pairs => pairs.Count * pairs.Max(s_text.LengthOf)), Is.LessThanOrEqualTo(Tokens));
            Assert.That(epoch.Max(pairs => pairs.Count), Is.LessThanOrEqualTo(20));
            // Those of like length are together: few symbols are pads.
            Assert.That(epoch.Sum(pairs => pairs.Count * pairs.Max(s_text.LengthOf)), Is.LessThan(1.15 * Enumerable.Range(0, 150).Sum(s_text.LengthOf)));
        }
    }

    [Test]
    public void At_IsAFunctionOfSeedEpochAndPosition()
    {
        var (one, again, other) = (new SentenceBatches(s_text, Tokens, 20, new SeedPlan(1)), new SentenceBatches(s_text, Tokens, 20, new SeedPlan(1)), new SentenceBatches(s_text, Tokens, 20, new SeedPlan(2)));
        again.At(0, 0);
        again.At(5, 2);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(again.At(1, 4), Is.EqualTo(one.At(1, 4)));
            Assert.That(one.At(2, 4), Is.Not.EqualTo(one.At(1, 4)));
            Assert.That(other.At(1, 4), Is.Not.EqualTo(one.At(1, 4)));
        }
    }

    [Test]
    public void Create_Throws_WhenAPairIsTooLong() =>
        Assert.That(() => new SentenceBatches(s_text, 17, 20, new SeedPlan(1)), Throws.ArgumentException.With.Message.Contains("Pair 17 has 18 symbols").And.Message.Contains("17 of a batch"));

    [Test]
    public void Rows_ShiftTheTargetByOne()
    {
        var text = new EncodedText([[5, 6, 7], [8]], [[9], [10, 11]]);

        var (tokens, targets, length) = text.Rows([0, 1]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(length, Is.EqualTo(4));
            Assert.That(tokens, Is.EqualTo((long[])[5, 6, 7, 2, 2, 9, 1, 1, 8, 2, 1, 1, 2, 10, 11, 1]));
            Assert.That(targets, Is.EqualTo((long[])[9, 2, 1, 1, 10, 11, 2, 1]));
        }
    }
}
