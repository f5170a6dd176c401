using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs.Tests.Json;

public sealed class JsonLinesTailTests : TemporaryFolderTests
{
    private const string Header = """{"blocks":["header"]}""";

    private string? Last(string content)
    {
        File.WriteAllText(At("a.jsonl"), content);
        return JsonLinesTail.ReadLast<ActivationsHeader>(At("a.jsonl"), hasHeader: true)?.Blocks[0];
    }

    [TestCase("", null)]
    [TestCase("garbage", null)]
    [TestCase(Header, null)]
    [TestCase(Header + "\n", null)]
    [TestCase(Header + "\n" + """{"blocks":["a"]}""", "a")]
    [TestCase(Header + "\n" + """{"blocks":["a"]}""" + "\n" + """{"blocks":["b"]}""" + "\n", "b")]
    [TestCase(Header + "\n" + """{"blocks":["a"]}""" + "\n" + """{"blocks":["b"]""", "a")]
    [TestCase(Header + "\n" + """{"blocks":["a"]}""" + "\ngarbage\n\n\0\0\n{", "a")]
    public void ReadLast_FindsTheLastIntactLine(string content, string? expected) => Assert.That(Last(content), Is.EqualTo(expected));

    [TestCase(100_000)]
    [TestCase(10_000_000)]
    public void ReadLast_FindsTheLine_BehindMuchDamage(int bytes) =>
        Assert.That(Last($"{Header}\n{{\"blocks\":[\"a\"]}}\n{new string('x', bytes)}\n"), Is.EqualTo("a"));

    [Test]
    public void ReadLast_FindsALongLine()
    {
        var name = new string('x', 3_000_000);

        Assert.That(Last($"{Header}\n{{\"blocks\":[\"{name}\"]}}\n"), Is.EqualTo(name));
    }

    [Test]
    public void ReadLast_FindsNothing_WhereTheLineIsTooLong() =>
        Assert.That(Last($"{Header}\n{{\"blocks\":[\"{new string('x', 5_000_000)}\"]}}\n"), Is.Null);

    [Test]
    public void ReadLast_Throws_WhenTheLineIsOfAnotherKind() =>
        Assert.That(() => Last($"{Header}\n{{}}\n"), Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith(At("a.jsonl")));
}
