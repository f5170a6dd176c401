using System.Xml.Linq;
using FixupNet.Reporting.Figures;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class SvgCanvasTests
{
    private const string Hostile = "</text><script>alert(\"1\")</script> & ' ]]> <!-- ";

    [Test]
    public void Text_IsEscaped()
    {
        var canvas = new SvgCanvas(720, 440, Hostile, Hostile);

        canvas.Text(1, 2, Hostile, Hostile, ("class", Hostile));

        var root = XDocument.Parse(canvas.Finish()).Root!;
        Assert.That(root.Descendants().Select(element => element.Name.LocalName), Is.EqualTo(new[] { "title", "desc", "rect", "text", "tspan" }));
        Assert.That(root.Elements().Take(2).Select(element => element.Value), Is.All.EqualTo(Hostile));
        Assert.That(root.Descendants().Last().Value, Is.EqualTo(Hostile));
        Assert.That(root.Elements().Last().Attribute("class")!.Value, Is.EqualTo(Hostile));
    }

    [TestCase("a\0b\u0001\u001b\ufffe", "a\ufffdb\ufffd\ufffd\ufffd")]
    [TestCase("whole 😀", "whole 😀")]
    public void Text_ReplacesWhatXmlCannotHold(string text, string expected)
    {
        var canvas = new SvgCanvas(720, 440, "", "");

        canvas.Text(1, 2, text);

        Assert.That(XDocument.Parse(canvas.Finish()).Root!.Elements().Last().Value, Is.EqualTo(expected));
    }

    [Test]
    public void Text_ReplacesHalfASurrogatePair() // as a constant of its own: an attribute cannot hold it either
    {
        var canvas = new SvgCanvas(720, 440, "", "");

        canvas.Text(1, 2, "half " + "😀"[0]);

        Assert.That(XDocument.Parse(canvas.Finish()).Root!.Elements().Last().Value, Is.EqualTo("half \ufffd"));
    }

    [Test]
    public void Finish_GivesAWhiteGroundOfTheSize()
    {
        var root = XDocument.Parse(new SvgCanvas(720, 440, "Title", "Description").Finish()).Root!;

        var ground = root.Elements().ElementAt(2);
        Assert.That((root.Attribute("viewBox")!.Value, root.Attribute("role")!.Value), Is.EqualTo(("0 0 720 440", "img")));
        Assert.That(ground.Attributes().Select(attribute => attribute.Value), Is.EqualTo(new[] { "720", "440", "#ffffff" }));
    }

    [TestCase(1.26, "1.3")]
    [TestCase(12, "12")]
    [TestCase(12345.67, "12345.7")]
    public void Number_IsInvariantAndShort(double value, string expected) => Assert.That(SvgCanvas.Number(value), Is.EqualTo(expected));
}
