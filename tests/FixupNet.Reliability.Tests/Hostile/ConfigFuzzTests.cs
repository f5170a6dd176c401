using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FixupNet.Experiments;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Promise 7: any document is valid, or is refused with the place of every mistake in it.</summary>
internal sealed class ConfigFuzzTests : ReliabilityTest
{
    private const int Seed = 7;

    [TestCase(60, 20)]
    [TestCase(12_500, 2_500, Category = "Slow")]
    public void Documents_AreValidOrRefused(int structuredEach, int rawEach)
    {
        List<FuzzRun> runs = [];
        foreach (var target in ConfigTargets.All(At("sweep")))
        {
            var run = new FuzzRun(target);
            run.FeedDamaged(rawEach, Seed);
            foreach (var document in Structured(target).Sample(structuredEach, new Rnd(Seed), 50)) run.Feed(Encoding.UTF8.GetBytes(document));
            runs.Add(run);
        }

        using (Assert.EnterMultipleScope()) runs.ForEach(run => run.Check());
        Figures.Note(7, string.Create(CultureInfo.InvariantCulture,
            $"{structuredEach * runs.Count} structured and {rawEach * runs.Count} raw documents and changes, each valid or refused with its place; "
            + $"{runs.Sum(run => run.RefusedCount)} refused, 0 unhandled exceptions; slowest {runs.Max(run => run.Slowest).TotalMilliseconds:F0} ms"));
    }

    [TestCase(40)]
    [TestCase(4_000, Category = "Slow")]
    public void UnknownKeys_AreAllReported(int documents)
    {
        var keyCount = 0;
        foreach (var (document, keys) in WithUnknownKeys().Sample(documents, new Rnd(Seed), 50))
        {
            var errors = Assert.Throws<ConfigException>(() => TrainDocument.Parse(Encoding.UTF8.GetBytes(document), "a.json", [], ProductRegistries.All))!.Errors;

            Assert.That(keys.Where(key => errors.Count(error => error.Path.EndsWith(key, StringComparison.Ordinal) && error.Line >= 1) != 1), Is.Empty, document);
            keyCount += keys.Count;
        }

        Figures.Note(7, string.Create(CultureInfo.InvariantCulture, $"{keyCount} unknown keys in {documents} documents, every one reported"));
    }

    private static Gen<string> Structured(FuzzTarget target)
    {
        if (target.Name.EndsWith("override", StringComparison.Ordinal))
        {
            var keys = target.Samples.Select(sample => Encoding.UTF8.GetString(sample).Split('=')[0]).Concat(["model", "seed", "training.epochs", "a.b", "", "model..depth", "$schema"]).ToArray();
            var values = HostileJson.Damaged([.. ConfigTargets.TrainDocuments.Select(JsonTree.Parse).SelectMany(tree => tree.Members.Select(member => member.Value))]).Select(tree => tree.ToString());
            return Gen.Elements(keys).Zip(Gen.OneOf(values, Gen.Elements<string>(HostileJson.Values)), (key, value) => $"{key}={value}");
        }
        JsonTree[] trees = [.. target.Samples.Select(sample => JsonTree.Parse(Encoding.UTF8.GetString(sample)))];
        return Gen.OneOf(HostileJson.Damaged(trees), HostileJson.WithOtherValues(trees)).Select(tree => tree.ToString());
    }

    // Keys of their own, one to five, in objects anywhere in a valid document.
    private static Gen<(string Document, IReadOnlyList<string> Keys)> WithUnknownKeys() =>
        from sample in Gen.Elements(ConfigTargets.TrainDocuments.Select(JsonTree.Parse).ToArray())
        from places in Gen.Choose(0, int.MaxValue).ArrayOf().Where(places => places.Length is > 0 and <= 5)
        from value in Gen.Elements("1", "null", "{}", "\"a\"", "[1]")
        let keys = places.Select((_, index) => $"unknown{index}").ToArray()
        select (places.Zip(keys).Aggregate(sample, (tree, pair) => WithKey(tree, pair.First, pair.Second, value)).ToString(), (IReadOnlyList<string>)keys);

    private static JsonTree WithKey(JsonTree tree, int place, string key, string value)
    {
        int[] objects = [.. tree.Nodes().Index().Where(node => node.Item.IsObject && node.Item.Members.All(member => !member.Key.Contains("unknown", StringComparison.Ordinal) || true)).Select(node => node.Index)];
        return tree.With(objects[place % objects.Length], node => node with { Members = [.. node.Members, ($"\"{key}\"", JsonTree.Leaf(value))] });
    }
}
