using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Tests.Statistics;

public sealed class RoundingTests
{
    // Of accuracies a tenth apart: in binary, these are six different numbers.
    private static readonly double[] Tenths = [0.9 - 0.8, 0.8 - 0.7, 0.7 - 0.6, 0.6 - 0.5, 0.4 - 0.3, 0.3 - 0.2];

    [Test]
    public void JoinedSizes_MakesTiesOfDifferencesThatDifferByRounding()
    {
        var joined = Rounding.JoinedSizes([.. Tenths, 0.5 - 0.6], 0.9);

        Assert.That((joined[..6].Distinct().Count(), joined[6] == -joined[0]), Is.EqualTo((1, true)));
    }

    [Test]
    public void JoinedSizes_MakesZeros_OfWhatIsNoDifference() =>
        Assert.That(Rounding.JoinedSizes([0.1 + 0.2 - 0.3, -1e-17, 1e-6], 0.3), Is.EqualTo(new[] { 0.0, 0, 1e-6 }));

    [Test]
    public void Joined_KeepsValuesApart_WhenOneOfAMillionExamplesDiffers()
    {
        double[] values = [500_001 / 1e6, 500_000 / 1e6, 0.1 + 0.4];

        Assert.That(Rounding.Joined(values), Is.EqualTo(new[] { 0.500001, 0.5, 0.5 }));
    }

    [Test]
    public void Joined_IsRelativeToTheLargestValue() =>
        Assert.That(Rounding.Joined([3e12, 3e12 + 1, 3e12 + 10]), Is.EqualTo(new[] { 3e12, 3e12, 3e12 + 10 }));
}
