using FixupNet.Randomness;

namespace FixupNet.Tests.Randomness;

public class PermutationTests
{
    [Test]
    public void Of_HoldsEveryNumberOnce() => Assert.That(Permutation.Of(1000, 9).Order(), Is.EqualTo(Enumerable.Range(0, 1000)));

    // Golden numbers: the data order of recorded runs.
    [Test]
    public void Of_GivesGoldenNumbers() => Assert.That(Permutation.Of(8, 1), Is.EqualTo(new[] { 4, 3, 2, 7, 5, 6, 0, 1 }));

    [Test]
    public void Of_GivesEveryOrderEquallyOften()
    {
        var counts = Enumerable.Range(0, 6000).Select(seed => string.Join(",", Permutation.Of(3, (ulong)seed))).CountBy(order => order).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(counts, Has.Length.EqualTo(6));
            Assert.That(counts.Select(pair => pair.Value), Has.All.EqualTo(1000).Within(150)); // five standard errors
        });
    }

    [TestCase(0)]
    [TestCase(1)]
    public void Of_IsTrivial_WhenThereIsNothingToOrder(int count) => Assert.That(Permutation.Of(count, 1), Is.EqualTo(Enumerable.Range(0, count)));

    [Test]
    public void Of_Throws_WhenCountIsNegative() => Assert.That(() => Permutation.Of(-1, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
}
