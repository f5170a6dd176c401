using FixupNet.Experiments.Sweeps;
using FixupNet.Runs.Records;

namespace FixupNet.Experiments.Tests.Sweeps;

internal sealed class TrialChoiceTests : FourTrials
{
    [TestCase("2", new[] { 2 })]
    [TestCase("1-3", new[] { 1, 2, 3 })]
    [TestCase("3, 0-1,0", new[] { 0, 1, 3 })]
    [TestCase("trial 2", new[] { 2 })]
    [TestCase("0001-t", new[] { 1 })]
    [TestCase("all", new[] { 0, 1, 2, 3 })]
    public void Of_FindsTrials(string text, int[] expected) => Assert.That(Find([text]), Is.EqualTo(expected));

    [Test]
    public void Of_FindsTrialsByState_AmongThoseThatAreNamed()
    {
        End(0, TrialState.Diverged);
        End(2, TrialState.Diverged);

        Assert.That((Find([], TrialState.Diverged), Find(["1-3"], TrialState.Diverged, TrialState.Failed)), Is.EqualTo((new[] { 0, 2 }, new[] { 2 })));
    }

    [TestCase("4")]
    [TestCase("2-1")]
    [TestCase("0-9")]
    [TestCase("-1")]
    [TestCase("")]
    [TestCase("99999999999")]
    [TestCase("trial")]
    public void Of_RefusesWhatIsNoTrial(string text) =>
        Assert.That(() => Find([text]), Throws.TypeOf<TrialChoiceException>().With.Message.Contains($"--trial is \"{text}\"; must be a number from 0 to 3"));

    private int[] Find(string[] trials, params TrialState[] states) => [.. new TrialChoice(trials, states).Of(Sweep, Plan).Select(line => line.Index)];
}
