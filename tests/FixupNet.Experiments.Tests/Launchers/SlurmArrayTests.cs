using FixupNet.Experiments.Launchers;

namespace FixupNet.Experiments.Tests.Launchers;

internal sealed class SlurmArrayTests
{
    [TestCase(1, null, new[] { "0-0" })]
    [TestCase(1000, null, new[] { "0-999" })]
    [TestCase(8, 8, new[] { "0-7" })]
    [TestCase(9, 8, new[] { "0-7", "0-0" })]
    [TestCase(20, 8, new[] { "0-7", "0-7", "0-3" })]
    [TestCase(2, 1, new[] { "0-0", "0-0" })]
    public void Split_KeepsToTheSitesLimit(int workers, int? most, string[] expected) =>
        Assert.That(SlurmArray.Split(workers, most).Select(array => array.Indexes), Is.EqualTo(expected));

    [TestCase(0, 1)]
    [TestCase(1, 0)]
    public void Split_RefusesLessThanOne(int workers, int most) =>
        Assert.That(() => SlurmArray.Split(workers, most), Throws.TypeOf<ArgumentOutOfRangeException>());
}
