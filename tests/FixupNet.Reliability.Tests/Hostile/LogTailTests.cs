using System.Globalization;
using System.Text;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Promise 17: whatever a crash left at the end of a log, its intact lines are read and the log is continued.</summary>
internal sealed class LogTailTests : ReliabilityTest
{
    private const int TailBytes = 4096;

    private static readonly string[] s_garbage =
        ["garbage\n", "\0\0\0\0\0\0\0\0", "\n", "{\n", "}\n", "{\"step\":\n", "[1,2]\n", "null\n", "\uFEFF\n", "{\"a\":\"\u00ff\n", "\r\n", new string('x', 100_000) + "\n"];

    private static readonly string[] s_logs = ["metrics", "journal", "gradient-norms"];

    private static int s_cuts;
    private static int s_garbageCount;

    [OneTimeTearDown]
    public void NoteFigure() => Figures.Note(17, string.Create(CultureInfo.InvariantCulture,
        $"{s_cuts} cuts within the last {TailBytes} bytes of {s_logs.Length} logs and {s_garbageCount} lines of garbage: every intact line read, every log continued without a line lost or doubled"));

    [TestCaseSource(nameof(Cuts))]
    public void Log_IsReadAndContinued_WhenCut(string name, int everyBytes)
    {
        var (whole, lineEnds) = Log(name);
        Assert.That(whole, Has.Length.GreaterThan(TailBytes));

        foreach (var length in Lengths(whole.Length, lineEnds, everyBytes))
        {
            // A line is complete without its line feed, too.
            var intact = lineEnds.Count(end => end - 1 <= length);
            File.WriteAllBytes(At("log"), whole[..length]);

            Assert.That(ReadAll(name), Is.EqualTo(intact), $"cut at {length}");
            Continue(name, intact, null);

            Assert.That(File.ReadAllBytes(At("log")), Is.EqualTo(whole), $"cut at {length} and continued");
            s_cuts++;
        }
    }

    [TestCaseSource(nameof(Cuts))]
    public void Log_IsContinuedFromACheckpoint_WhenCut(string name, int everyBytes)
    {
        var (whole, lineEnds) = Log(name);
        var recorded = lineEnds.Last(end => end < whole.Length - TailBytes);
        var before = lineEnds.Count(end => end <= recorded);

        foreach (var length in Lengths(whole.Length, lineEnds, everyBytes))
        {
            File.WriteAllBytes(At("log"), whole[..length]);

            Continue(name, before, recorded);

            Assert.That(File.ReadAllBytes(At("log")), Is.EqualTo(whole), $"cut at {length}");
        }
    }

    [TestCaseSource(nameof(s_logs))]
    public void Log_IsReadAndContinued_WhenGarbageIsInIt(string name)
    {
        var (whole, lineEnds) = Log(name);
        foreach (var garbage in s_garbage.Select(Encoding.Latin1.GetBytes))
        {
            foreach (var at in lineEnds.TakeLast(8))
            {
                // Garbage that no line feed ends takes the line behind it along.
                var lost = garbage[^1] != '\n' && at < whole.Length ? 1 : 0;
                File.WriteAllBytes(At("log"), [.. whole[..at], .. garbage, .. whole[at..]]);

                Assert.That(ReadAll(name), Is.EqualTo(lineEnds.Length - lost), $"{Encoding.Latin1.GetString(garbage[..Math.Min(8, garbage.Length)])} at {at}");
                Continue(name, lineEnds.Length - 1, null);
                Assert.That(ReadAll(name), Is.EqualTo(lineEnds.Length - lost + 1));
                s_garbageCount++;
            }
        }
    }

    private static IEnumerable<TestCaseData> Cuts() => s_logs.SelectMany(log => new[]
    {
        new TestCaseData(log, 101), new TestCaseData(log, 1).SetCategory("Slow"),
    });

    // Around the ends of lines every byte, always.
    private static IEnumerable<int> Lengths(int whole, int[] lineEnds, int everyBytes) =>
        Enumerable.Range(whole - TailBytes, TailBytes + 1).Where(length => length % everyBytes == 0 || lineEnds.TakeLast(3).Any(end => Math.Abs(end - length) <= 2));

    private static (byte[] Whole, int[] LineEnds) Log(string name)
    {
        var path = Path.GetTempFileName();
        using (var writer = new JsonLinesWriter(path)) Write(writer, name, 0);
        var whole = File.ReadAllBytes(path);
        File.Delete(path);
        return (whole, [.. whole.Index().Where(pair => pair.Item == '\n').Select(pair => pair.Index + 1)]);
    }

    private void Continue(string name, int from, long? keepBytes)
    {
        using var writer = new JsonLinesWriter(At("log"), keepBytes);
        Write(writer, name, from);
    }

    private static void Write(JsonLinesWriter writer, string name, int from)
    {
        const int lines = 60;
        for (var line = from; line < lines; line++)
        {
            if (name == "metrics") writer.Write(new MetricsLine(line, line, line / 7.0, MetricsSplit.Train, new MetricValues(("loss", line % 9 == 0 ? double.NaN : 2.3 / (line + 1)), ("accuracy", 0.5)), line));
            else if (name == "journal") writer.Write(new SweepEvent(DateTimeOffset.UnixEpoch.AddSeconds(line), SweepEventKind.Ended, line / 2, 1, $"depth={line}", TrialState.Failed, line, 66, "réason"));
            else if (line == 0) writer.Write(new GradientNormsHeader(["conv1", "layer1.0.conv1", "fc"]));
            else writer.Write(new GradientNormsLine(line, line / 7.0, Math.Sqrt(line), [line, double.PositiveInfinity, 1.0 / line]));
        }
    }

    private int ReadAll(string name)
    {
        if (name == "journal") return SweepJournal.Read(At("log")).Count;
        using var reader = new JsonLinesReader(At("log"));
        if (name == "metrics") return Count<MetricsLine>(reader);
        return reader.Read<GradientNormsHeader>() is null ? 0 : 1 + Count<GradientNormsLine>(reader);
    }

    private static int Count<T>(JsonLinesReader reader) where T : class
    {
        var count = 0;
        while (reader.Read<T>() is not null) count++;
        return count;
    }
}
