using System.Text;
using FixupNet.Experiments.Configuration;
using FixupNet.Experiments.Configuration.Nodes;

namespace FixupNet.Experiments.Tests.Configuration;

internal sealed class HostileInputTests
{
    private static readonly string[] Texts =
    [
        "", " ", "\0", "{", "}", "[", "]", "null", "true", "0", "\"a\"", "{}", "{}{}", "{},", "{]", "[}", "//", "/*", "/* */", "{ // }",
        "{'name':'a'}", "{name:\"a\"}", "{\"name\":}", "{\"name\"}", "{\"name\":\"a\",,}", "{\"name\":\"a\"", "{\"name\":\"a}", "{\"name\":NaN}",
        "{\"name\":\"\\ud800\"}", "{\"\\ud800\":1}", "{\"name\":\"\\u0000\"}", "{\"name\":\"\\u001b[31m\"}", "{\"name\":\"\"}", "{\"name\":\"../x\"}",
        "{\"name\":\"a/b\"}", "{\"name\":\"-a\"}", "{\"name\":\"A\"}", "{\"name\":\"a\\n\"}", "{\"name\":{}}", "{\"name\":[]}", "{\"\":1}",
        "{\"name\":\"a\",\"NAME\":\"b\"}", "{\"name\":\"a\",\"n\\u0061me\":\"b\"}", "{\"name\":\"a\",\"model:depth\":20}", "{\"name\":\"a\",\"model.depth\":20}",
        "{\"name\":\"a\",\"model\":{\"name\":\"resnet-cifar\",\"depth:x\":1}}", "{\"name\":\"a\",\"model\":{\"$type\":\"System.IO.File\"}}",
        "{\"name\":\"a\",\"$ref\":\"other.json\"}", "{\"name\":\"a\",\"__proto__\":{}}", "{\"name\":\"a\",\"seed\":1e999}", "{\"name\":\"a\",\"seed\":-1e999}",
        "{\"name\":\"a\",\"seed\":9223372036854775808}", "{\"name\":\"a\",\"seed\":1e400000000000}", "{\"name\":\"a\",\"seed\":0.1}",
        "{\"name\":\"a\",\"seed\":01}", "{\"name\":\"a\",\"seed\":+1}", "{\"name\":\"a\",\"seed\":0x10}", "{\"name\":\"a\",\"seed\":Infinity}",
        "{\"name\":\"a\",\"seed\":\"${HOME}\"}", "{\"name\":\"a\",\"seed\":[1]}", "{\"name\":\"a\",\"training\":{\"epochs\":2147483648}}",
        "{\"name\":\"a\",\"training\":{\"epochs\":{}}}", "{\"name\":\"a\",\"training\":\"\"}", "{\"name\":\"a\",\"training\":null}",
        "{\"name\":\"a\",\"model\":{\"name\":null}}", "{\"name\":\"a\",\"model\":{\"name\":{}}}", "{\"name\":\"a\",\"model\":{\"name\":\"\"}}",
        "{\"name\":\"a\",\"schedule\":{\"name\":\"steps\",\"milestonesEpochs\":{\"0\":1}}}", "{\"name\":\"a\",\"schedule\":{\"name\":\"steps\",\"milestonesEpochs\":[[1]]}}",
        "{\"name\":\"a\",\"$schema\":1}", "{\"name\":\"a\",\"$schema\":\"train.v1\"}", "{\"name\":\"a\",\"stop\":{\"maxMinutes\":\"1\"}}",
        "{\"name\":\"a\",\"stop\":{\"maxMinutes\":1e-400}}", "\uFEFF\uFEFF{}",
    ];

    private static IEnumerable<TestCaseData> Bytes()
    {
        byte[] Ascii(string text) => Encoding.UTF8.GetBytes(text);
        yield return Named(new byte[] { 0xFF, 0xFE, (byte)'{', 0 }, "UTF-16");
        yield return Named([.. Ascii("{\"name\":\""), 0xC3, 0x28, .. Ascii("\"}")], "invalid UTF-8 in a value");
        yield return Named([.. Ascii("{\""), 0xC0, 0x80, .. Ascii("\":1}")], "invalid UTF-8 in a key");
        yield return Named([0xEF, 0xBB], "half a byte order mark");
        yield return Named(Ascii(new string('[', 100_000)), "100,000 open brackets");
        yield return Named(Ascii(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))), "100,000 nested objects");
        yield return Named(Ascii($"{{\"name\":\"a\",\"schedule\":{{\"name\":\"steps\",\"milestonesEpochs\":[{string.Join(',', new int[5_000_000])}]}}}}"), "5,000,000 numbers");
        yield return Named(Ascii($"{{\"name\":\"a\",\"schedule\":{{\"name\":\"steps\",\"milestonesEpochs\":[{string.Join(',', new int[1001])}]}}}}"), "1,001 numbers");
        yield return Named(Ascii($"{{\"{new string('k', 5_000_000)}\":1}}"), "a key of 5 MB");
        yield return Named(Ascii($"{{\"name\":\"{new string('a', 5_000_000)}\"}}"), "a text of 5 MB");
        yield return Named(Ascii($"{{\"name\":\"a\",\"seed\":{new string('1', 100_000)}}}"), "a number of 100,000 digits");
        yield return Named(Ascii($"{{\"name\":\"a\",\"seed\":0.{new string('1', 100_000)}}}"), "100,000 decimals");
        yield return Named(Ascii(new string(' ', (10 * 1024 * 1024) + 1)), "more than 10 MB");

        static TestCaseData Named(byte[] bytes, string name) => new TestCaseData(bytes).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Texts))]
    public void Parse_ThrowsNothingElse_WhenTheTextIsHostile(string json) =>
        Assert.That(() => Some.Parse(json), Throws.TypeOf<ConfigException>().With.Message.Not.Contain("\u001b"));

    [TestCaseSource(nameof(Bytes))]
    [CancelAfter(20_000)]
    public void Parse_ThrowsNothingElse_WhenTheBytesAreHostile(byte[] utf8)
    {
        var exception = Assert.Throws<ConfigException>(() => TrainDocument.Parse(utf8, "a.json", [], Some.Registries))!;

        Assert.That(exception.Message, Has.Length.LessThan(1000));
    }

    // A valid document with one byte changed, removed or doubled is valid or refused, never a crash.
    [Test]
    public void Parse_ThrowsNothingElse_WhenBytesAreMutated([Range(1, 4)] int seed)
    {
        var valid = Encoding.UTF8.GetBytes(Some.Parse("""{ "name": "a", "schedule": { "name": "steps", "milestonesEpochs": [1, 2.5] } }""").Json);
        var random = new Random(seed);
        var refusedCount = 0;
        for (var round = 0; round < 500; round++)
        {
            var bytes = valid.ToList();
            var position = random.Next(bytes.Count);
            if (round % 3 == 0) bytes.RemoveAt(position);
            else if (round % 3 == 1) bytes.Insert(position, bytes[position]);
            else bytes[position] = (byte)random.Next(256);
            try
            {
                TrainDocument.Parse(bytes.ToArray(), "a.json", [], Some.Registries);
            }
            catch (ConfigException)
            {
                refusedCount++;
            }
        }

        Assert.That(refusedCount, Is.GreaterThan(100)); // blanks and digits may change freely; most else may not
    }
}
