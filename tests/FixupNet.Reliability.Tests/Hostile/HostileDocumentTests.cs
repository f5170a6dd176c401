using System.Globalization;
using System.Text;
using FixupNet.Experiments;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;
using FixupNet.Experiments.Sweeps;

namespace FixupNet.Reliability.Tests.Hostile;

/// <summary>Promise 7, by hand: documents that are as large, as deep or as twisted as a document may be.</summary>
internal sealed class HostileDocumentTests : ReliabilityTest
{
    // The promise says 2 s; a machine that is busy otherwise must not fail the test.
    private const int AllowedSeconds = 30;

    private static double s_slowest;
    private static int s_count;

    [OneTimeTearDown]
    public void NoteFigure() => Figures.Note(7, string.Create(CultureInfo.InvariantCulture,
        $"{s_count} documents at the limits of size, depth and number of trials, each refused with its place; slowest {s_slowest:F1} s"));

    [TestCaseSource(nameof(Trains))]
    [TestCaseSource(nameof(Sweeps))]
    public void Document_IsRefused(bool isSweep, string document, string message)
    {
        // Of the processor: a busy machine takes as much of it.
        var before = Environment.CpuUsage.TotalTime;

        var error = Assert.Throws<ConfigException>(() => Parse(isSweep, Encoding.UTF8.GetBytes(document)))!;

        var seconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        (s_count, s_slowest) = (s_count + 1, Math.Max(s_slowest, seconds));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(error.Message, Does.Contain(message).And.Not.Contains("\u001b"));
            Assert.That(error.Message, Has.Length.LessThan(100_000));
            Assert.That(error.Errors, Has.All.Property(nameof(ConfigError.Line)).GreaterThanOrEqualTo(1));
            Assert.That(seconds, Is.LessThan(AllowedSeconds));
        }
    }

    [Test]
    public void Base_IsNeverReadElsewhere([Values("../train.json", "..", "/etc/passwd", "a/../../train.json", "C:\\train.json", "\\\\host\\share", "a//b", "./train.json", "")] string name)
    {
        Write("train.json", """{ "name": "a" }""");
        Directory.CreateDirectory(At("inner"));

        var error = Assert.Throws<ConfigException>(() =>
            SweepPlan.Parse(Encoding.UTF8.GetBytes($$"""{ "name": "a", "base": "{{name.Replace("\\", "\\\\")}}" }"""), At("inner", "sweep.json"), [], ProductRegistries.All))!;

        Assert.That(error.Message, Does.Contain("must be a relative path"));
    }

    [Test]
    public void Base_IsNeverReadThroughALink()
    {
        Write("train.json", """{ "name": "a" }""");
        File.CreateSymbolicLink(At("link.json"), At("train.json"));
        Directory.CreateSymbolicLink(At("folder"), Folder);

        foreach (var name in new[] { "link.json", "folder/train.json" })
        {
            Assert.That(() => SweepPlan.Parse(Encoding.UTF8.GetBytes($$"""{ "name": "a", "base": "{{name}}" }"""), At("sweep.json"), [], ProductRegistries.All),
                Throws.TypeOf<ConfigException>().With.Message.Contains("symbolic link"));
        }
    }

    private void Parse(bool isSweep, byte[] document)
    {
        if (isSweep) SweepPlan.Parse(document, At("sweep.json"), [], ProductRegistries.All);
        else TrainDocument.Parse(document, "a.json", [], ProductRegistries.All);
    }

    private static IEnumerable<TestCaseData> Trains()
    {
        yield return Train("100,000 unknown keys", $"{{\"name\":\"a\",{Keys(99_990, "unknown")}}}", "not a known key");
        yield return Train("100,000 unknown options", $"{{\"name\":\"a\",\"model\":{{\"name\":\"resnet-cifar\",{Keys(99_990, "unknown")}}}}}", "not an option of");
        yield return Train("100,000 keys like known ones", $"{{\"name\":\"a\",\"training\":{{{Keys(99_990, "batchSizes")}}}}}", "did you mean \"batchSize\"");
        yield return Train("100,001 values", $"{{\"name\":\"a\",{Keys(100_001, "k")}}}", "more than 100000 values");
        yield return Train("keys that differ in case", $"{{\"name\":\"a\",{string.Concat(Enumerable.Range(0, 40_000).Select(i => $"\"k{i}\":1,\"K{i}\":1,"))}\"z\":1}}", "letter case does not count");
        yield return Train("10 MB of text", $"{{\"name\":\"{new string('a', 10_000_000)}\"}}", "name is \"aaaa");
        yield return Train("10 MB of escapes", $"{{\"name\":\"{string.Concat(Enumerable.Repeat("\\u001b", 1_700_000))}\"}}", "\\u001b");
        yield return Train("a key of 10 MB", $"{{\"name\":\"a\",\"{new string('k', 10_000_000)}\":1}}", "not a known key");
        yield return Train("10 MB of digits", $"{{\"name\":\"a\",\"seed\":{new string('9', 10_000_000)}}}", "seed is 9999");
        yield return Train("10 MB of decimals", $"{{\"name\":\"a\",\"seed\":1.{new string('0', 9_999_990)}1}}", "must be an integer");
        yield return Train("10 MB of spaces", new string(' ', 10_000_000), "is empty");
        yield return Train("more than 10 MB", new string(' ', 10_500_000), "larger than 10 MB");
        yield return Train("10 MB of comments", $"{string.Concat(Enumerable.Repeat("// a\n", 2_000_000))}{{}}", "name is missing");
        yield return Train("10^5 arrays deep", new string('[', 100_000) + new string(']', 100_000), "not valid JSON");
        yield return Train("10^5 objects deep", string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), "not valid JSON");
        yield return Train("2^63", """{ "name": "a", "seed": 9223372036854775808 }""", "seed is 9223372036854775808; must be in [0, 9007199254740992]");
        yield return Train("1e999", """{ "name": "a", "optimizer": { "learningRate": 1e999 } }""", "must be finite");
        yield return Train("a number next to nothing", """{ "name": "a", "seed": 5e-324 }""", "must be an integer");
        yield return Train("a number next to one", """{ "name": "a", "seed": 1.0000000000000000000000000000000001 }""", "must be an integer");
        yield return Train("a reference", """{ "name": "a", "model": { "$ref": "other.json" } }""", "$ref");
        yield return Train("a name that leads elsewhere", """{ "name": "../a" }""", "must be 1 to 64 lower-case letters");
        yield return Train("a file without a name", """{ "name": "a", "initialization": { "weights": "" } }""", "must name a file");
    }

    private static IEnumerable<TestCaseData> Sweeps()
    {
        const string start = "\"name\":\"a\",\"base\":{}";
        yield return Sweep("a grid beyond counting", $"{{{start},\"grid\":{{{string.Join(',', AxisKeys().Select(key => $"\"{key}\":[{string.Join(',', Enumerable.Range(1, 1_000))}]"))}}}}}", "must be at most 10000");
        yield return Sweep("100,000 values of one key", $"{{{start},\"grid\":{{\"model.depth\":[{string.Join(',', Enumerable.Range(0, 99_000))}]}}}}", "makes 99000 trials; must be at most 10000");
        yield return Sweep("10,000 wrong trials", $"{{{start},\"grid\":{{\"model.depth\":[{string.Join(',', Enumerable.Range(0, 10_000).Select(i => (6 * i) + 3))}]}}}}", "model.depth is 3");
        yield return Sweep("100,000 unknown axes", $"{{{start},\"grid\":{{{string.Join(',', Enumerable.Range(0, 49_000).Select(i => $"\"model.unknown{i}\":[1]"))}}}}}", "has the unknown key");
        yield return Sweep("an axis that is the other's", $"{{{start},\"grid\":{{\"model\":[{{\"name\":\"resnet-cifar\"}}],\"model.depth\":[8]}}}}", "overlaps");
        yield return Sweep("the same value twice", $"{{{start},\"grid\":{{\"model.depth\":[8,8.0]}}}}", "twice");
        yield return Sweep("30,000 rules", $"{{{start},\"exclude\":[{string.Join(',', Enumerable.Repeat("{\"model.unknown\":1}", 30_000))}]}}", "has the unknown key");
        yield return Sweep("1,001 seeds", $"{{{start},\"seeds\":[{string.Join(',', Enumerable.Range(0, 1_001))}]}}", "at most 1000");
        yield return Sweep("a base of 5 MB of name", $"{{\"name\":\"a\",\"base\":\"{new string('b', 5_000_000)}\"}}", "must not be longer");
        yield return Sweep("a base that is a long name", $"{{\"name\":\"a\",\"base\":\"{new string('b', 900)}\"}}", "there is no file");
        yield return Sweep("a base with a control character", "{\"name\":\"a\",\"base\":\"\\u001b[31m\"}", "must be a relative path");
        yield return Sweep("an override nest", $"{{{start},\"grid\":{{\"model.depth\":[{string.Concat(Enumerable.Repeat("[", 55))}1{string.Concat(Enumerable.Repeat("]", 55))}]}}}}", "must be an integer");
    }

    private static IEnumerable<string> AxisKeys() => ["model.depth", "model.width", "training.epochs", "training.batchSize", "record.gradientNormsEverySteps", "stop.lossAbove"];

    private static string Keys(int count, string name) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{name}{i}\":1"));

    private static TestCaseData Train(string name, string document, string message) => new TestCaseData(false, document, message).SetArgDisplayNames(name);

    private static TestCaseData Sweep(string name, string document, string message) => new TestCaseData(true, document, message).SetArgDisplayNames(name);
}
