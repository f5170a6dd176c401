using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Tests.Statistics;

public sealed class MultipleTestingTests
{
    // The 15 comparisons of Benjamini and Hochberg (1995), Section 4.1.
    private static readonly double?[] s_published =
        [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1];

    [TestCase(Correction.Bh, 4)] // the paper rejects the first four,
    [TestCase(Correction.Holm, 3)] // and three where any false one is to be avoided
    [TestCase(Correction.None, 9)]
    public void Correct_RejectsAsPublished(Correction correction, int expected) =>
        Assert.That(MultipleTesting.Correct(s_published, correction).Count(p => p <= 0.05), Is.EqualTo(expected));

    [Test]
    public void Correct_AgreesWithR()
    {
        double?[] holm = [0.0015, 0.0056, 0.0247, 0.1140, 0.2211, 0.2780, 0.2780, 0.2780, 0.3213, 1, 1, 1, 1, 1, 1];
        double?[] bh =
        [
            0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571428571429, 0.0638571428571429, 0.0645, 0.0765, 0.486, 0.5811818181818181,
            0.714875, 0.7532307692307693, 0.8132142857142857, 1,
        ];

        using (Assert.EnterMultipleScope()) // R 4.2.2, p.adjust
        {
            Assert.That(MultipleTesting.Correct(s_published, Correction.Holm), Is.EqualTo(holm).Within(1e-12));
            Assert.That(MultipleTesting.Correct(s_published, Correction.Bh), Is.EqualTo(bh).Within(1e-12));
        }
    }

    [Test]
    public void Correct_KeepsTheOrder_AndLeavesOutWhatWasNotTested() =>
        Assert.That(MultipleTesting.Correct([0.03, null, 0.01], Correction.Holm), Is.EqualTo(new double?[] { 0.03, null, 0.02 }).Within(1e-15));

    [TestCase(Correction.Holm)]
    [TestCase(Correction.Bh)]
    public void Correct_AcceptsAnEmptyFamily(Correction correction) => Assert.That(MultipleTesting.Correct([], correction), Is.Empty);
}
