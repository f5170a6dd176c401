using System.Text;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Experiments.Tests.Sweeps;

/// <summary>What is told before a sweep starts about memory that it will not have.</summary>
internal sealed class SweepMemoryTests
{
    private const long Little = 60L << 20;

    private static IReadOnlyList<ConfigError> Problems(long freeBytes, string training = "", int jobs = 1, string variants = "\"batchnorm\"")
    {
        var json = $$"""
            { "name": "s", "base": { "model": { "width": 4 }, "training": { "batchSize": 64, "engine": "eager"{{training}} } },
              "grid": { "model.depth": [8, 20, 56], "model.variant": [{{variants}}] }, "seeds": [1, 2] }
            """;
        var plan = SweepPlan.Parse(Encoding.UTF8.GetBytes(json), "s.json", [], ProductRegistries.All);
        return new SweepMemory(freeBytes, new SweepWorkerOptions(jobs, ThreadsPerTrial: 1, Device: "cpu")).Problems("s", plan.Trials);
    }

    [Test]
    public void Problems_AreNone_WhereAllFit() => Assert.That(Problems(8L << 30), Is.Empty);

    [Test]
    public void Problems_WarnOfTrialsThatDoNotFitIntoWhatIsFree()
    {
        var problem = Problems(Little).Last();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((problem.Path, problem.Kind), Is.EqualTo(("training.memoryBudget", ProblemKind.Warning)));
            Assert.That(problem.Message, Does.Contain("this network needs at least").And.Contain("Its statistics need all 64 images at once: take a smaller training.batchSize")
                .And.Match("In trial depth=.*-seed=1 and 1 more"));
        }
    }

    // Shallow networks fit, and nothing is told of them.
    [Test]
    public void Problems_NameTheTrialsConcernedOnly() =>
        Assert.That(Problems(115_000_000).Select(problem => problem.Message), Has.None.Contain("depth=8").And.Exactly(1).Contain("depth=56"));

    [Test]
    public void Problems_AreErrors_WhereTheBudgetIsFixed() =>
        Assert.That(Problems(8L << 30, """, "memoryBudget": "30MB" """).Select(problem => problem.Kind), Is.Not.Empty.And.All.EqualTo(ProblemKind.Invalid));

    [Test]
    public void Problems_NameTheMicroBatch_WhereItIsFixed() =>
        Assert.That(Problems(Little, """, "microBatchSize": 64 """, variants: "\"fixup\"").Select(problem => problem.Message), Is.Not.Empty.And.All.Contain("Set training.microBatchSize, which is 64, to null"));

    [Test]
    public void Problems_CountTrialsThatRunAtOnce() => Assert.That((Problems(600L << 20).Count, Problems(600L << 20, jobs: 8).Count > 0), Is.EqualTo((0, true)));
}
