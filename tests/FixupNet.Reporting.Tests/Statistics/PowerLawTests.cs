using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Tests.Statistics;

public sealed class PowerLawTests
{
    [Test]
    public void Fit_FindsTheExponentOfAnExactLaw()
    {
        var law = PowerLaw.Fit([(10, 3), (100, 0.3), (1000, 0.03)])!;

        Assert.That((law.Exponent, law.Interval!.Low, law.Interval.High), Is.EqualTo((-1.0, -1.0, -1.0)).Within(1e-9));
    }

    // By the formulas of simple regression with the quantile t(0.975; 2) = 4.302652729696142.
    [Test]
    public void Fit_GivesTheIntervalOfLeastSquares()
    {
        var law = PowerLaw.Fit([(1, 1), (10, 0.2), (100, 0.01), (1000, 0.004)])!;

        Assert.That((law.Exponent, law.Interval!.Low, law.Interval.High), Is.EqualTo((-0.8494850021680094, -1.3511244684849968, -0.34784553585102196)).Within(1e-9));
    }

    [Test]
    public void Fit_HasNoInterval_OfTwoPoints() => Assert.That(PowerLaw.Fit([(1, 1), (10, 0.1)])!.Interval, Is.Null);

    [Test]
    public void Fit_IsNull_WhenAllPointsShareOneX() => Assert.That(PowerLaw.Fit([(1, 1), (1, 0.1), (1, 3)]), Is.Null);
}
