using System.Text;
using FixupNet.Experiments;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>The readers of documents and of changes to them.</summary>
internal static class ConfigTargets
{
    private const string Base = """{ "name": "base", "model": { "name": "resnet-cifar", "depth": 8, "width": 2 }, "training": { "epochs": 1, "batchSize": 16 } }""";

    private static readonly byte[][] s_words =
    [
        .. HostileJson.Values.Select(Encoding.UTF8.GetBytes),
        .. new[] { "\"model\":{", "\"depth\":", "\"name\":", "\"grid\":{", "\"model.depth\":[", "\"base\":", "\"seeds\":[", "\"exclude\":[{", ",", ":", "//", "/*", "*/", "\"../base.json\"" }.Select(Encoding.UTF8.GetBytes),
        [0xEF, 0xBB, 0xBF], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x00], [0x1B],
    ];

    /// <summary>Train documents as the product resolves them: with every key there is.</summary>
    public static IReadOnlyList<string> TrainDocuments { get; } =
    [
        .. new[]
        {
            "{}", """{ "schedule": { "name": "cosine" }, "dataset": { "name": "cifar10" }, "initialization": { "name": "fixup" } }""",
            """{ "schedule": { "name": "steps", "milestonesEpochs": [1, 2.5] }, "model": { "name": "wide-resnet-cifar" }, "training": { "memoryBudget": "4GB", "microBatchSize": 8 } }""",
        }.Select(Resolved),
    ];

    /// <summary>Sweep documents.</summary>
    public static IReadOnlyList<string> SweepDocuments { get; } =
    [
        """{ "name": "a", "base": "base.json", "grid": { "model.depth": [8, 14], "model.variant": ["fixup", "plain"] }, "seeds": [1, 2], "exclude": [{ "model.depth": 8, "model.variant": ["plain"] }], "stop": { "lossAbove": 10 } }""",
        """{ "name": "b", "about": "x", "base": { "training": { "epochs": 2 } }, "grid": { "optimizer.learningRate": [0.1, 0.2, 1e-2], "schedule": [{ "name": "constant" }, { "name": "steps", "milestonesEpochs": [1] }] } }""",
    ];

    /// <summary>All of them.</summary>
    /// <param name="folder">An empty folder for the files that a sweep may name.</param>
    public static IReadOnlyList<FuzzTarget> All(string folder)
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder).FullName, "base.json"), Base);
        var sweep = Path.Combine(folder, "sweep.json");
        return
        [
            Of("train", TrainDocuments, bytes => RequireFixpoint(TrainDocument.Parse(bytes, "a.json", [], ProductRegistries.All))),
            Of("sweep", SweepDocuments, bytes => SweepPlan.Parse(bytes, sweep, [], ProductRegistries.All)),
            Of("train-override", ["model.depth=14", "schedule={\"name\":\"constant\"}", "training.memoryBudget=\"4GB\"", "about=a,b"], bytes =>
                TrainDocument.Parse(Encoding.UTF8.GetBytes(Base), "a.json", [Encoding.UTF8.GetString(bytes)], ProductRegistries.All)),
            Of("sweep-override", ["model.depth=14,20", "seeds=[1,2]", "optimizer={\"name\":\"sgd\"},{\"name\":\"sgd\",\"learningRate\":1}"], bytes =>
                SweepPlan.Parse(Encoding.UTF8.GetBytes(SweepDocuments[0]), sweep, [Encoding.UTF8.GetString(bytes)], ProductRegistries.All)),
        ];
    }

    private static FuzzTarget Of(string name, IEnumerable<string> samples, Action<byte[]> read) =>
        new($"config-{name}", read, IsRefusal, [.. samples.Select(Encoding.UTF8.GetBytes)], s_words, GoalMilliseconds: 2_000);

    // Of a document every error has its line; what was typed has none.
    private static bool IsRefusal(Exception error) => error is ConfigException { Errors: { Count: > 0 } errors }
        && errors.All(one => one.File == "command line" ? one.Line is null : one.Line >= 1);

    private static void RequireFixpoint(TrainDocument document)
    {
        var again = TrainDocument.Parse(Encoding.UTF8.GetBytes(document.Json), "a.json", [], ProductRegistries.All);
        if (again.Json != document.Json || again.Hash != document.Hash) throw new InvalidOperationException("the resolved document resolves to another one");
    }

    private static string Resolved(string json) =>
        TrainDocument.Parse(Encoding.UTF8.GetBytes(json), "a.json", ["name=a"], ProductRegistries.All).Json;
}
