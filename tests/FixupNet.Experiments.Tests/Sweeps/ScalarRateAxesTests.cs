using System.Text;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Experiments.Tests.Sweeps;

internal sealed class ScalarRateAxesTests
{
    private static SweepPlan Plan(string json) => SweepPlan.Parse(Encoding.UTF8.GetBytes(json), "s.json", [], ProductRegistries.All);

    [TestCase("scalarLearningRateFactor", "by-name", " In trial variant=skipinit-scalar-learning-rate-factor=0.1-seed=1 and 1 more.")]
    [TestCase("multiplierLearningRateFactor", "by-name", " In trial variant=batchnorm-multiplier-learning-rate-factor=0.1-seed=1 and 3 more.")]
    public void Parse_WarnsOfAKeyWithoutEffect(string key, string group, string trials)
    {
        var warning = Grid(key, group).Warnings.Single();

        Assert.That((warning.Path, warning.Line), Is.EqualTo(($"optimizer.{key}", 2)));
        Assert.That(warning.Message, Does.StartWith("has no effect").And.EndsWith(trials));
    }

    [Test]
    public void Parse_SaysNothingWhereScalarsAreChosenBySize() => Assert.That(Grid("scalarLearningRateFactor", "single-element").Warnings, Is.Empty);

    [Test]
    public void Parse_SaysNothingOfARateThatIsTheSameInEveryTrial() => Assert.That(
        Plan("""{ "name": "s", "base": { "optimizer": { "name": "sgd", "scalarLearningRateFactor": 0.1 } }, "grid": { "model.variant": ["fixup", "skipinit"] } }""").Warnings, Is.Empty);

    private static SweepPlan Grid(string key, string group) => Plan($$"""
        { "name": "s", "base": { "optimizer": { "name": "sgd", "scalarGroup": "{{group}}" } },
          "grid": { "model.variant": ["fixup", "batchnorm", "skipinit"], "optimizer.{{key}}": [0.1, 1] } }
        """);
}
