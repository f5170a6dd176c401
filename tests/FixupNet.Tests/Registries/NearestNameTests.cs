using FixupNet.Registries;

namespace FixupNet.Tests.Registries;

public class NearestNameTests
{
    [TestCase("fixp", "fixup")]
    [TestCase("BatchNorm", "batchnorm")]
    [TestCase("he-fan-outt", "he-fan-out")]
    [TestCase("fxiup", "fixup")] // one swap is one error,
    [TestCase("fixpu", "fixup")]
    [TestCase("ifxpu", null)] // two are too many for five letters
    [TestCase("quux", null)]
    public void Of_FindsTypingErrorsOnly(string given, string? expected) =>
        Assert.That(NearestName.Of(given, ["fixup", "batchnorm", "he-fan-out"]), Is.EqualTo(expected));

    [Test]
    public void Of_IsNull_WhenThereAreNoCandidates() => Assert.That(NearestName.Of("fixup", []), Is.Null);
}
