using FixupNet.Experiments.Studies;
using FixupNet.Randomness;

namespace FixupNet.Experiments.Tests.Studies;

/// <summary>Which labels "random-labels" replaces.</summary>
internal sealed class RandomLabelsTests
{
    private static readonly byte[] s_labels = [.. Enumerable.Range(0, 10_000).Select(i => (byte)(i % 10))];

    [Test]
    public void Corrupted_ReplacesAShare_WithDrawsOverAllClasses()
    {
        var whole = RandomLabelsStudy.Corrupted(s_labels, 10, 1, new SeedPlan(1));
        var half = RandomLabelsStudy.Corrupted(s_labels, 10, 0.5, new SeedPlan(1));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(RandomLabelsStudy.Corrupted(s_labels, 10, 0, new SeedPlan(1)), Is.EqualTo(s_labels));
            // At p = 1 one in ten stays right; three standard deviations of a share of 10,000.
            Assert.That(Same(whole), Is.EqualTo(0.1).Within(0.009));
            Assert.That(Same(half), Is.EqualTo(0.55).Within(0.015));
            Assert.That(whole.CountBy(label => label).Select(count => count.Value), Has.All.InRange(900, 1100));
            Assert.That(half.Zip(whole).Index().Where(item => item.Item.First != s_labels[item.Index]), Has.All.Matches<(int, (byte First, byte Second) Item)>(item => item.Item.First == item.Item.Second), "the same draws");
        }
    }

    private static double Same(byte[] labels) => labels.Zip(s_labels).Count(pair => pair.First == pair.Second) / (double)labels.Length;
}
