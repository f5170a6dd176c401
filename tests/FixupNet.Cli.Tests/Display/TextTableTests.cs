using FixupNet.Cli.Display;

namespace FixupNet.Cli.Tests.Display;

public sealed class TextTableTests
{
    private static string Text(int? width, int keyColumns = 1)
    {
        var table = new TextTable("name", ">value", "state", ">size") { KeyColumns = keyColumns };
        table.Add("a", "1", "running", "10 MiB");
        table.Add("long", "100", "", "9 MiB");
        using var output = new StringWriter { NewLine = "\n" };
        table.WriteTo(output, width);
        return output.ToString();
    }

    [TestCase(null)]
    [TestCase(80)]
    [TestCase(28)] // as wide as it is
    public void WriteTo_WritesOnePart_WhereItFits(int? width) => Assert.That(Text(width), Is.EqualTo(
        "name  value  state      size\n" +
        "a         1  running  10 MiB\n" +
        "long    100            9 MiB\n"));

    [Test]
    public void WriteTo_BreaksBetweenColumns_AndNamesEveryRowAgain() => Assert.That(Text(27), Is.EqualTo(
        "name  value  state\n" +
        "a         1  running\n" +
        "long    100\n" +
        "\n" +
        "name    size\n" +
        "a     10 MiB\n" +
        "long   9 MiB\n"));

    [Test]
    public void WriteTo_RepeatsAllColumnsThatNameARow() =>
        Assert.That(Text(22, keyColumns: 2).Split('\n').Where(line => line.StartsWith("name", StringComparison.Ordinal)), Is.EqualTo(new[] { "name  value  state", "name  value    size" }));

    // A column is never cut: there is one beside the names, however narrow the terminal.
    [Test]
    public void WriteTo_KeepsOneColumnAPart_WhereNothingFits() =>
        Assert.That(Text(1).Split('\n').Count(line => line.StartsWith("name", StringComparison.Ordinal)), Is.EqualTo(3));

    [Test]
    public void WriteTo_ShowsControlCharactersAndNeverSendsThem()
    {
        var table = new TextTable("", "");
        table.Add("a\u001b[31m", "b\nc");
        using var output = new StringWriter { NewLine = "\n" };

        table.WriteTo(output);

        Assert.That(output.ToString(), Does.Not.Contain('\u001b').And.Property(nameof(string.Length)).GreaterThan(4));
        Assert.That(output.ToString().Split('\n'), Has.Length.EqualTo(2));
    }
}
