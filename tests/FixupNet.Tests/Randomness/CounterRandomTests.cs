using FixupNet.Randomness;

namespace FixupNet.Tests.Randomness;

public class CounterRandomTests
{
    // The reference output of SplitMix64 with seed 1234567, as in Vigna's public-domain splitmix64.c.
    [Test]
    public void NextBits_EqualsSplitMix64()
    {
        var random = new CounterRandom(1234567);

        ulong[] bits = [random.NextBits(), random.NextBits(), random.NextBits()];

        Assert.That(bits, Is.EqualTo(new[] { 6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL }));
    }

    [Test]
    public void NextDouble_IsUniform()
    {
        var random = new CounterRandom(1);

        var values = Enumerable.Range(0, 100_000).Select(_ => random.NextDouble()).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(values, Has.All.InRange(0.0, 1.0).And.All.LessThan(1.0));
            Assert.That(values.Average(), Is.EqualTo(0.5).Within(0.005)); // five standard errors of 1/sqrt(12 n)
            Assert.That(values.Select(x => x * x).Average(), Is.EqualTo(1.0 / 3.0).Within(0.005));
        });
    }

    [Test]
    public void NextInt_HitsEveryValueEquallyOften()
    {
        var random = new CounterRandom(2);
        var counts = new int[7];

        for (var i = 0; i < 70_000; i++) counts[random.NextInt(7)]++;

        Assert.That(counts, Has.All.EqualTo(10_000).Within(500)); // five standard errors
    }

    [Test]
    public void NextInt_Throws_WhenBoundIsBelowOne() => Assert.That(() => new CounterRandom(0).NextInt(0), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void NextGaussian_HasTheMomentsOfANormalDistribution()
    {
        var random = new CounterRandom(3);

        var values = Enumerable.Range(0, 100_000).Select(_ => random.NextGaussian()).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(values.Average(), Is.Zero.Within(0.016)); // five standard errors
            Assert.That(values.Average(x => x * x), Is.EqualTo(1.0).Within(0.023));
            Assert.That(values.Average(x => x * x * x * x), Is.EqualTo(3.0).Within(0.16));
        });
    }

    // Beta(α, α) has mean ½ and variance 1/(4(2α+1)).
    [TestCase(0.2)]
    [TestCase(1.0)]
    [TestCase(5.0)]
    public void NextSymmetricBeta_HasTheMomentsOfItsDistribution(double alpha)
    {
        var random = new CounterRandom(4);

        var values = Enumerable.Range(0, 50_000).Select(_ => random.NextSymmetricBeta(alpha)).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(values, Has.All.InRange(0.0, 1.0));
            Assert.That(values.Average(), Is.EqualTo(0.5).Within(0.011));
            Assert.That(values.Average(x => (x - 0.5) * (x - 0.5)), Is.EqualTo(0.25 / (2 * alpha + 1)).Within(0.004));
        });
    }

    [Test]
    public void NextSymmetricBeta_StaysANumber_WhenAlphaIsTiny()
    {
        var random = new CounterRandom(5);

        Assert.That(Enumerable.Range(0, 1000).Select(_ => random.NextSymmetricBeta(1e-8)), Has.All.InRange(0.0, 1.0));
    }

    [TestCase(0.0)]
    [TestCase(-1.0)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NaN)]
    public void NextSymmetricBeta_Throws_WhenAlphaIsNotPositiveAndFinite(double alpha) =>
        Assert.That(() => new CounterRandom(0).NextSymmetricBeta(alpha), Throws.TypeOf<ArgumentOutOfRangeException>());
}
