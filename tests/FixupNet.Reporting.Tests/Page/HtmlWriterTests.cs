using FixupNet.Reporting.Page;

namespace FixupNet.Reporting.Tests.Page;

public sealed class HtmlWriterTests
{
    [TestCase("<b>&\"'", "&lt;b&gt;&amp;&quot;&#39;")]
    [TestCase("a\0b\u001b\u007f", "a\ufffdb\ufffd\ufffd")]
    [TestCase("line\nfeed\ttab", "line\nfeed\ttab")]
    [TestCase("\u202Ereversed\u2066", "\ufffdreversed\ufffd")]
    [TestCase("whole 😀 ± ∞", "whole 😀 ± ∞")]
    public void Escape_LeavesNothingToObey(string text, string expected) => Assert.That(HtmlWriter.Escape(text), Is.EqualTo(expected));

    [Test]
    public void Element_EscapesContentAndAttributes()
    {
        var html = new HtmlWriter().Open("p", ("title", "\"><i>")).Element("b", "</b>").Close().ToString();

        Assert.That(html, Is.EqualTo("<p title=\"&quot;&gt;&lt;i&gt;\"><b>&lt;/b&gt;</b>\n</p>\n"));
    }
}
