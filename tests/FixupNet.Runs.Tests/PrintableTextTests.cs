namespace FixupNet.Runs.Tests;

public sealed class PrintableTextTests
{
    [TestCase("plain text ~ é √ 日本 \U0001F600", "plain text ~ é √ 日本 \U0001F600")]
    [TestCase("\u001b[31mred\u001b[0m", "\\u001b[31mred\\u001b[0m")]
    [TestCase("a\r\n\tb\0", "a\\u000d\\u000a\\u0009b\\u0000")]
    [TestCase("\u007f\u009b2J", "\\u007f\\u009b2J")]
    [TestCase("exe.\u202efdp", "exe.\\u202efdp")]
    [TestCase("a\u2028b\ufeffc", "a\\u2028b\\ufeffc")]
    public void Of_SpellsWhatActsOrHides(string text, string expected) => Assert.That(PrintableText.Of(text), Is.EqualTo(expected));

    [Test]
    public void Of_SpellsHalvesOfSurrogatePairs() =>
        Assert.That(PrintableText.Of("a" + (char)0xD83D + "b" + (char)0xDE00), Is.EqualTo("a\\ud83db\\ude00"));

    [Test]
    public void Lines_KeepsLineFeedsAlone() => Assert.That(PrintableText.Lines("a\nb\r\n"), Is.EqualTo("a\nb\\u000d\n"));

    [TestCase("abc", "abc")]
    [TestCase("abcd", "abc...")]
    [TestCase("ab\u001bd", "ab\\u001b...")]
    public void Shortened_CutsTheText(string text, string expected) => Assert.That(PrintableText.Shortened(text, 3), Is.EqualTo(expected));
}
