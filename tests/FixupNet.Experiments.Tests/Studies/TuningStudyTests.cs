using FixupNet.Experiments.Studies;

namespace FixupNet.Experiments.Tests.Studies;

internal sealed class TuningStudyTests
{
    private static readonly StudySweep s_sweep = new("accuracy", "share", true,
    [
        .. from method in (string[])["fixup", "plain"] from rate in Enumerable.Range(0, 6) from seed in (double[])[-0.01, 0.01]
           select new StudySweepTrial(new Dictionary<string, string> { ["model.variant"] = method, ["optimizer.learningRate"] = $"{rate}" }, (method == "fixup" ? 0.5 : 0.3) + 0.02 * rate + seed),
    ]);

    [Test]
    public void Run_ScoresConfigurationsByTheirMeanOverSeeds()
    {
        var findings = TuningStudy.Run(s_sweep, new TuningOptions());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Value(findings, "configurations"), Is.EqualTo(12));
            Assert.That(Value(findings, "expected best of 1"), Is.EqualTo(0.45).Within(1e-12));
            Assert.That(Value(findings, "best of all"), Is.EqualTo(0.6).Within(1e-12));
            Assert.That(Value(findings, "expected best of 6, lower end"), Is.LessThanOrEqualTo(Value(findings, "expected best of 6")).And.GreaterThan(0.3));
            Assert.That(findings.Curves.Single().Ys, Is.Ordered.Ascending);
        }
    }

    [Test]
    public void Run_ComparesSearches_AtTheSameNumberOfConfigurations()
    {
        var findings = TuningStudy.Run(s_sweep, new TuningOptions(By: "model.variant"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Value(findings, "fixup over plain, best of 3"), Is.EqualTo(20).Within(1e-10)); // points
            Assert.That(Value(findings, "fixup over plain, best of 3, lower end"), Is.InRange(10, 20));
        }
    }

    // Losses: the sign is turned for choosing and back for showing.
    [Test]
    public void Run_TakesTheLeast_WhereLessIsBetter()
    {
        var losses = new StudySweep("loss", "", false, [.. ((double[])[3, 1, 2, 5]).Select(loss => new StudySweepTrial(new Dictionary<string, string> { ["x"] = $"{loss}" }, -loss))]);

        var findings = TuningStudy.Run(losses, new TuningOptions());

        Assert.That((Value(findings, "best of all"), Value(findings, "expected best of 1")), Is.EqualTo((1, 2.75)));
    }

    [TestCase("model.depth", null, "by")]
    [TestCase("model.variant", 7, "budget")]
    public void Check_RefusesWhatTheSweepHasNot(string by, int? budget, string option) => Assert.That(
        Assert.Throws<StudyRefusedException>(() => TuningStudy.Check(s_sweep, new TuningOptions(by, budget)))!.Path, Is.EqualTo(option));

    private static double Value(StudyFindings findings, string name) => findings.Values.Single(value => value.Name == name).Value;
}
