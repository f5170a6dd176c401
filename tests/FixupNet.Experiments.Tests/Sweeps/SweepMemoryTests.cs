using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Experiments.Tests.Sweeps;

/// <summary>What is told before a sweep starts about memory that it will not have.</summary>
internal sealed class SweepMemoryTests
{
    private const long Little = 1L << 20;

    private static IReadOnlyList<ConfigError> Problems(long freeBytes, string training = "", int jobs = 1, string variants = "\"batchnorm\"", int batchSize = 64)
    {
        var json = $$"""
            { "name": "s", "base": { "model": { "width": 4 }, "training": { "batchSize": {{batchSize}}, "engine": "eager"{{training}} } },
              "grid": { "model.depth": [8, 20, 56], "model.variant": [{{variants}}] }, "seeds": [1, 2] }
            """;
        var plan = SweepPlan.Parse(Encoding.UTF8.GetBytes(json), "s.json", [], ProductRegistries.All);
        return new SweepMemory(freeBytes, new SweepWorkerOptions(jobs, ThreadsPerTrial: 1, Device: "cpu")).Problems("s", plan.Trials);
    }

    // What the networks of a depth need at least, as it is told where nothing fits.
    private static long Needed(int depth, int batchSize = 64)
    {
        var told = Problems(Little, batchSize: batchSize).First(problem => problem.Message.Contains($"depth={depth}")).Message;
        var size = Regex.Match(told, @"needs at least ([\d.]+) (MB|GB)");
        return (long)(double.Parse(size.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * (size.Groups[2].Value == "MB" ? 1e6 : 1e9));
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

    // Shallow networks fit, and nothing is told of them. Of a large batch a step takes more than an evaluation; 80 % of what is free is allowed.
    [Test]
    public void Problems_NameTheTrialsConcernedOnly()
    {
        const int Large = 2048;
        var allowed = (Needed(8, Large) + Needed(56, Large)) / 2;

        Assert.That(Problems((long)(allowed / 0.8), batchSize: Large).Select(problem => problem.Message), Has.None.Contain("depth=8").And.Exactly(1).Contain("depth=56"));
    }

    [Test]
    public void Problems_AreErrors_WhereTheBudgetIsFixed() =>
        Assert.That(Problems(8L << 30, """, "memoryBudget": "30MB" """).Select(problem => problem.Kind), Is.Not.Empty.And.All.EqualTo(ProblemKind.Invalid));

    [Test]
    public void Problems_NameTheMicroBatch_WhereItIsFixed() =>
        Assert.That(Problems(Little, """, "microBatchSize": 64 """, variants: "\"fixup\"").Select(problem => problem.Message), Is.Not.Empty.And.All.Contain("Set training.microBatchSize, which is 64, to null"));

    [Test]
    public void Problems_CountTrialsThatRunAtOnce() => Assert.That((Problems(2 * Needed(56)).Count, Problems(2 * Needed(56), jobs: 8).Count > 0), Is.EqualTo((0, true)));
}
