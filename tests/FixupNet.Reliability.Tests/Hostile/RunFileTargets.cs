using System.Text;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;
using FixupNet.Runs.Safetensors;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>The readers of a run's own files, each over a scratch file.</summary>
internal static class RunFileTargets
{
    private const string Status = """{"state":"running","step":12,"epoch":0.5,"updatedAt":"2026-01-02T03:04:05+00:00","reason":"why"}""";

    private const string Summary =
        """
        {"state":"completed","steps":500,"epochs":2,"elapsedSeconds":12.5,"train":{"loss":1.5,"accuracy":0.4},"test":{"loss":"NaN","accuracy":0.3},
         "best":{"epoch":1,"step":250,"testAccuracy":0.5},"divergence":{"step":7,"what":"loss","layer":"layer1.0.conv1"},
         "gradientNorms":{"firstLayer":"conv1","firstLayerNorm":0.1,"lastLayer":"fc","lastLayerNorm":"Infinity","maxTotalNorm":3},
         "imagesPerSecond":123.4,"peakMemoryBytes":1073741824,"parameterCount":270000}
        """;

    private const string Environment =
        """
        {"command":"fixupnet train a.json","host":"h","os":"o","cpu":"c","dotnet":"d","provider":"LibTorch","libtorch":"1.13.1","threads":2,
         "datasetDigest":"00ff","seeds":{"seed":1},"startedAt":"2026-01-02T03:04:05+00:00","commit":"abc",
         "stepPlan":{"microBatchSize":16,"reason":"fits","depthFirst":{"workers":2,"gradientSums":1}},"engine":"eager","convolutions":{"a":"tiled"}}
        """;

    private static readonly byte[][] s_jsonWords =
    [
        .. HostileJson.Values.Select(Encoding.UTF8.GetBytes), .. new[] { "{", "}", "[", "]", ",", ":", "\"", "\\", "\n", "\r\n", "\0\0\0\0", "{}\n", "\n\n" }.Select(Encoding.UTF8.GetBytes),
        [0xEF, 0xBB, 0xBF], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xC3, 0x28], [0x1B, 0x5B], [0xC2, 0x9B],
    ];

    /// <summary>All of them.</summary>
    /// <param name="scratch">A path for the scratch file.</param>
    public static IReadOnlyList<FuzzTarget> All(string scratch) =>
    [
        Safetensors(scratch),
        Record<TrialStatus>("status", scratch, Status),
        Record<TrialSummary>("summary", scratch, Summary),
        Record<EnvironmentRecord>("env", scratch, Environment),
        Lines("metrics", scratch, reader => ReadToEnd<MetricsLine>(reader), Metrics()),
        Lines("gradient-norms", scratch, ReadNorms, Norms()),
        new("last-gradient-norms", Over(scratch, path => JsonLinesTail.ReadLast<GradientNormsLine>(path, hasHeader: true)), IsDamage, [Norms()], s_jsonWords),
        Plan(scratch),
        Continued(scratch),
    ];

    /// <summary>Lines of metrics as a trial writes them.</summary>
    public static byte[] Metrics() => WrittenBy(writer =>
    {
        for (var seq = 0; seq < 12; seq++)
            writer.Write(new MetricsLine(seq, seq * 10, seq / 4.0, seq % 4 == 3 ? MetricsSplit.Test : MetricsSplit.Train, new MetricValues(("loss", seq == 5 ? double.NaN : 2.3), ("accuracy", 0.1)), 1.5, 0.1));
    });

    /// <summary>Lines of gradient norms as a trial writes them.</summary>
    public static byte[] Norms() => WrittenBy(writer =>
    {
        writer.Write(new GradientNormsHeader(["conv1", "layer1.0.conv1", "fc"]));
        for (var step = 0; step < 10; step++) writer.Write(new GradientNormsLine(step, step / 5.0, step, [0, double.PositiveInfinity, step * 0.1]));
    });

    /// <summary>A file of weights.</summary>
    public static byte[] Weights()
    {
        var path = Path.GetTempFileName();
        try
        {
            SafetensorsFile.Write(
                path, [new("conv1.weight", "F32", [2, 3], new byte[24]), new("bias", "BF16", [], new byte[2]), new("steps", "I64", [1], new byte[8]), new("none", "U8", [0, 4], default)],
                new Dictionary<string, string> { ["format"] = "pt" });
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static FuzzTarget Safetensors(string scratch)
    {
        byte[] empty = [2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}'];
        string[] words = ["F32", "F64", "BF16", "U8", "\"dtype\"", "\"shape\":[", "\"data_offsets\":[", "__metadata__", "9223372036854775807", "-1", "4611686018427387904", "[0,0]"];
        return new("safetensors", Over(scratch, path => SafetensorsFile.Read(path)), IsDamage, [Weights(), empty], [.. words.Select(Encoding.UTF8.GetBytes), .. s_jsonWords]);
    }

    private static FuzzTarget Record<T>(string name, string scratch, string sample) where T : class =>
        new(name, Over(scratch, path => RunJson.ReadFile<T>(path)), IsDamage, [Encoding.UTF8.GetBytes(sample)], s_jsonWords);

    private static FuzzTarget Lines(string name, string scratch, Action<JsonLinesReader> read, byte[] sample) => new(
        name,
        Over(scratch, path =>
        {
            using var reader = new JsonLinesReader(path);
            read(reader);
        }),
        IsDamage, [sample], s_jsonWords);

    private static FuzzTarget Plan(string scratch)
    {
        const string lines = """
            {"index":0,"name":"depth=8-seed=1","directory":"0000-depth=8-seed=1-0123abcd","seed":1,"overrides":{"model.depth":8,"model.variant":"fixup"}}
            {"index":1,"name":"depth=14-seed=1","directory":"0001-depth=14-seed=1-0123abce","seed":1,"overrides":{"model.depth":14,"model.variant":"plain"}}

            """;
        var sweep = new SweepDirectory(Directory.CreateDirectory(scratch + ".sweep").FullName);
        return new("plan", Over(sweep.PlanFile, _ => sweep.ReadPlan()), IsDamage, [Encoding.UTF8.GetBytes(lines)], s_jsonWords);
    }

    // What a crash left behind is continued: the new line is there afterwards, whatever was in the file before.
    private static FuzzTarget Continued(string scratch) => new(
        "continued-log",
        Over(scratch, path =>
        {
            using (var writer = new JsonLinesWriter(path)) writer.Write(new ActivationsHeader(["the new line"]));
            if (JsonLinesTail.ReadLast<ActivationsHeader>(path, hasHeader: false)?.Blocks is not ["the new line"])
                throw new InvalidOperationException("the new line is not the last one");
        }),
        _ => false, [Metrics(), Norms()], s_jsonWords);

    private static bool IsDamage(Exception error) => error is InvalidDataException;

    private static void ReadNorms(JsonLinesReader reader)
    {
        reader.Read<GradientNormsHeader>();
        ReadToEnd<GradientNormsLine>(reader);
    }

    private static void ReadToEnd<T>(JsonLinesReader reader) where T : class
    {
        while (reader.Read<T>() is not null)
        {
        }
    }

    private static Action<byte[]> Over(string scratch, Action<string> read) => bytes =>
    {
        File.WriteAllBytes(scratch, bytes);
        read(scratch);
    };

    private static byte[] WrittenBy(Action<JsonLinesWriter> write)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var writer = new JsonLinesWriter(path)) write(writer);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
