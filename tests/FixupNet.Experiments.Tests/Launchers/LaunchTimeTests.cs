using FixupNet.Experiments.Launchers;

namespace FixupNet.Experiments.Tests.Launchers;

internal sealed class LaunchTimeTests
{
    [TestCase("90", "0-01:30:00")]
    [TestCase("12:00:00", "0-12:00:00")]
    [TestCase("36:00:01", "1-12:00:01")]
    [TestCase("2-12:30:00", "2-12:30:00")]
    public void Parse_ReadsSlurmsWays(string text, string expected) =>
        Assert.That(LaunchTime.Text(LaunchTime.Parse(text)!.Value), Is.EqualTo(expected));

    [TestCase("")]
    [TestCase("5m")]
    [TestCase("1:30")] // minutes and seconds to Slurm, hours and minutes to most people
    [TestCase("1-12")]
    [TestCase("0:60:00")]
    [TestCase("-1")]
    [TestCase("99999999")]
    [TestCase("UNLIMITED")]
    [TestCase("１０")]
    public void Parse_RefusesWhatIsAmbiguousOrNoTime(string text) => Assert.That(LaunchTime.Parse(text), Is.Null);

    [Test]
    public void Parse_RefusesWhatCarriesACommand() => Assert.That(Some.HostileTexts.Select(LaunchTime.Parse), Is.All.Null);
}
