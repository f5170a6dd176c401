using FixupNet.Runs.Files;

namespace FixupNet.Runs.Tests.Files;

public sealed class RunNamesTests
{
    [TestCase("depth-sweep", "depth-sweep-ba7816")]
    [TestCase("Depth Sweep/../x", "depth-sweep-..-x-ba7816")]
    [TestCase("../etc", "etc-ba7816")]
    [TestCase("ü", "run-ba7816")]
    [TestCase("", "run-ba7816")]
    public void Run_IsCleanNameAndHash(string name, string expected) =>
        Assert.That(RunNames.Run(name, "abc"), Is.EqualTo(expected)); // SHA-256 of "abc" is ba7816bf…

    [Test]
    public void Trial_IsIndexNameAndHash() =>
        Assert.That(RunNames.Trial(7, "depth=110,variant=fixup", "abc"), Is.EqualTo("0007-depth=110-variant=fixup-ba7816bf"));

    [Test]
    public void Trial_IsValid_WhenTheNameIsLong() =>
        Assert.That(RunNames.IsValid(RunNames.Trial(12345, new string('x', 1000), "")), Is.True);

    [Test]
    public void Run_Differs_WhenTheContentDiffers() =>
        Assert.That(RunNames.Run("a", "seed 1"), Is.Not.EqualTo(RunNames.Run("a", "seed 2")));

    [Test]
    public void Checkpoint_SortsByStep() => Assert.That(RunNames.Checkpoint(500), Is.EqualTo("step-0000000500"));

    // The longest name that file systems take.
    [TestCase(255, true)]
    [TestCase(256, false)]
    public void IsValid_LimitsTheLength(int length, bool expected) => Assert.That(RunNames.IsValid(new string('a', length)), Is.EqualTo(expected));

    [TestCase("0003-depth=20-abcdef12", true)]
    [TestCase("..", false)]
    [TestCase("a/b", false)]
    [TestCase("a\\b", false)]
    [TestCase("A", false)]
    [TestCase("", false)]
    [TestCase("c:", false)]
    [TestCase(".lock", false)]
    public void IsValid_RefusesWhatCouldLeadElsewhere(string name, bool expected) =>
        Assert.That(RunNames.IsValid(name), Is.EqualTo(expected));
}
