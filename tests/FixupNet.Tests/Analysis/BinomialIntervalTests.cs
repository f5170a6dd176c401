using FixupNet.Analysis;

namespace FixupNet.Tests.Analysis;

public sealed class BinomialIntervalTests
{
    // R: binom.test(8, 10), binom.test(0, 10), binom.test(10, 10), binom.test(50, 100).
    [TestCase(8, 10, 0.4439045, 0.9747893)]
    [TestCase(0, 10, 0, 0.3084971)]
    [TestCase(10, 10, 0.6915029, 1)]
    [TestCase(50, 100, 0.3983211, 0.6016789)]
    public void ClopperPearson_EqualsR(int successes, int trials, double low, double high)
    {
        var interval = BinomialInterval.ClopperPearson(successes, trials);

        Assert.That(new[] { interval.Low, interval.High }, Is.EqualTo(new[] { low, high }).Within(1e-6));
    }

    [TestCase(-1, 5)]
    [TestCase(6, 5)]
    [TestCase(0, 0)]
    public void ClopperPearson_RefusesWhatIsNoCount(int successes, int trials) =>
        Assert.That(() => BinomialInterval.ClopperPearson(successes, trials), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
