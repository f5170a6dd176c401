using FixupNet.Reporting.Statistics;

namespace FixupNet.Reporting.Tests.Statistics;

public sealed class NoncentralTTests
{
    // scipy.stats.nct.cdf (SciPy 1.10.1) and pt of R 4.2.2, which agree to the digits compared.
    [TestCase(2, 5, 1, 0.778074662616)]
    [TestCase(-1, 3, 0.5, 0.0921212098143628)]
    [TestCase(40, 1, 3, 0.9402257285165)]
    [TestCase(25, 18, 20, 0.8637532786718)]
    [TestCase(0, 4, -1.5, 0.9331927987311419)] // Φ(1.5)
    [TestCase(3, 2, 0, 0.9522670168666454)] // Student's t
    public void Cdf_AgreesWithSciPyAndR(double t, double degreesOfFreedom, double noncentrality, double expected) =>
        Assert.That(NoncentralT.Cdf(t, degreesOfFreedom, noncentrality), Is.EqualTo(expected).Within(1e-9));

    [TestCase(1.860813467486853, 18, 0.975, -0.213433578880165)]
    [TestCase(1.860813467486853, 18, 0.025, 3.888112786820654)]
    [TestCase(4.06212768338204, 9, 0.975, 1.31116809128670)]
    public void Noncentrality_AgreesWithR(double t, double degreesOfFreedom, double chance, double expected) =>
        Assert.That(NoncentralT.Noncentrality(t, degreesOfFreedom, chance), Is.EqualTo(expected).Within(1e-6)); // uniroot over pt

    [TestCase(1e4, 4)]
    [TestCase(-1e6, 2)]
    [TestCase(50, 198)]
    public void Noncentrality_InvertsCdf_WhenTIsLarge(double t, double degreesOfFreedom)
    {
        var noncentrality = NoncentralT.Noncentrality(t, degreesOfFreedom, 0.975);

        Assert.That(NoncentralT.Cdf(t, degreesOfFreedom, noncentrality), Is.EqualTo(0.975).Within(1e-6));
    }
}
