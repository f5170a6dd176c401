using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Promise 6: whatever a run's file holds is read or refused, without a crash and without more memory than the file is worth.</summary>
internal sealed class RunFileFuzzTests : ReliabilityTest
{
    private const int Seed = 6;

    [TestCase(150)]
    [TestCase(11_200, Category = "Slow")]
    public void Readers_ReadOrRefuse(int inputsEach) => Feed("files of a run", RunFileTargets.All(At("scratch")), inputsEach);

    [TestCase(2)]
    [TestCase(80, Category = "Slow")]
    public void Report_IsWrittenOrRefused(int inputsEach) => Feed("files of a sweep reported and exported", ReportTargets.All(At("sweep")), inputsEach);

    private static void Feed(string what, IReadOnlyList<FuzzTarget> targets, int inputsEach)
    {
        List<FuzzRun> runs = [];
        foreach (var target in targets)
        {
            var run = new FuzzRun(target);
            run.FeedDamaged(inputsEach, Seed);
            foreach (var document in Structured(target, inputsEach)) run.Feed(document);
            runs.Add(run);
        }

        using (Assert.EnterMultipleScope()) runs.ForEach(run => run.Check());
        Note(what, runs);
        Assert.That(runs.Sum(run => run.RefusedCount), Is.GreaterThan(runs.Sum(run => run.Count) / 10), "so few refusals mean inputs that are hardly damaged");
    }

    private static IEnumerable<byte[]> Structured(FuzzTarget target, int count)
    {
        if (target.Name == "safetensors") return Samples(HostileSafetensors.Files, count);
        var lines = Encoding.UTF8.GetString(target.Samples[0]);
        var isLines = target.Name.EndsWith("metrics", StringComparison.Ordinal) || target.Name.EndsWith("norms", StringComparison.Ordinal)
            || target.Name.EndsWith("plan", StringComparison.Ordinal) || target.Name.EndsWith("log", StringComparison.Ordinal);
        var documents = isLines ? lines.Split('\n', StringSplitOptions.RemoveEmptyEntries) : [lines];
        JsonTree[] trees = [.. documents.Select(JsonTree.Parse)];
        var damaged = Gen.OneOf(HostileJson.Damaged(trees), HostileJson.WithOtherValues(trees)).Select(tree => tree.ToString());
        var files = !isLines ? damaged : damaged.Select(line => $"{documents[0]}\n{line}\n{documents[^1]}\n");
        return Samples(files.Select(Encoding.UTF8.GetBytes), count);
    }

    private static byte[][] Samples(Gen<byte[]> inputs, int count) => inputs.Sample(count, new Rnd(Seed), 50);

    private static void Note(string what, List<FuzzRun> runs) => Figures.Note(6, string.Create(CultureInfo.InvariantCulture,
        $"{runs.Sum(run => run.Count)} hostile {what}, {runs.Count} kinds, 0 unhandled exceptions; slowest {runs.Max(run => run.Slowest).TotalMilliseconds:F0} ms, "
        + $"{runs.Sum(run => run.SlowCount)} over the goal; at most {runs.Max(run => run.MostBytes) / 1048576.0:F1} MB beyond twice the file"));
}
