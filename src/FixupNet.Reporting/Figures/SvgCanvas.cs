using System.Globalization;
using System.Text;
using System.Xml;

namespace FixupNet.Reporting.Figures;

/// <summary>Writes one SVG drawing on a white ground. Any text is escaped, and what XML cannot hold is replaced.</summary>
/// <remarks>Presentation attributes only, neither style sheets nor scripts, for not every program that reads SVG knows those. The
/// attribute "class" says what an element stands for.</remarks>
internal sealed class SvgCanvas
{
    private const string Namespace = "http://www.w3.org/2000/svg";
    private readonly StringBuilder _text = new();
    private readonly XmlWriter _xml;

    /// <summary>Begins a drawing.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="title">The text alternative in a few words.</param>
    /// <param name="description">The text alternative in full.</param>
    public SvgCanvas(int width, int height, string title, string description)
    {
        _xml = XmlWriter.Create(_text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true, NewLineChars = "\n" });
        Open("svg", ("width", $"{width}"), ("height", $"{height}"), ("viewBox", $"0 0 {width} {height}"), ("role", "img"),
            ("font-family", "Helvetica, Arial, sans-serif"), ("font-size", "13"), ("fill", "#222222"));
        Title(title);
        _xml.WriteElementString("desc", Namespace, Clean(description));
        Element("rect", ("width", $"{width}"), ("height", $"{height}"), ("fill", "#ffffff"));
    }

    /// <summary>A coordinate: a tenth of a pixel is finer than print, and keeps files of many points small.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Opens an element, which the next ones lie in until <see cref="Close"/>.</summary>
    public void Open(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _xml.WriteStartElement(name, Namespace);
        foreach (var (attribute, value) in attributes) _xml.WriteAttributeString(attribute, Clean(value));
    }

    /// <summary>Closes the element opened last.</summary>
    public void Close() => _xml.WriteEndElement();

    /// <summary>Draws an element without content.</summary>
    public void Element(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Open(name, attributes);
        Close();
    }

    /// <summary>Names the element that is open, for screen readers and for the pointer.</summary>
    public void Title(string title) => _xml.WriteElementString("title", Namespace, Clean(title));

    /// <summary>Draws a straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, string color, double width = 1) => Element(
        "line", ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)),
        ("stroke", color), ("stroke-width", Number(width)));

    /// <summary>Writes a line of text.</summary>
    /// <param name="x">Where its anchor is.</param>
    /// <param name="y">Where its base line is.</param>
    /// <param name="content">The text.</param>
    /// <param name="attributes">Anything more, such as the anchor.</param>
    public void Text(double x, double y, string content, params ReadOnlySpan<(string Name, string Value)> attributes) =>
        Text(x, y, content, "", attributes);

    /// <summary>Writes a line of text with a superscript after it.</summary>
    public void Text(double x, double y, string content, string superscript, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Open("text", [("x", Number(x)), ("y", Number(y)), .. attributes]);
        _xml.WriteString(Clean(content));
        if (superscript.Length > 0)
        {
            // A shift, for the superscripts among the letters are missing in many fonts.
            _xml.WriteStartElement("tspan", Namespace);
            _xml.WriteAttributeString("dy", "-5");
            _xml.WriteAttributeString("font-size", "9");
            _xml.WriteString(Clean(superscript));
            _xml.WriteEndElement();
        }
        Close();
    }

    /// <summary>Ends the drawing.</summary>
    /// <returns>The SVG document.</returns>
    public string Finish()
    {
        _xml.WriteEndDocument();
        _xml.Flush();
        return _text.Append('\n').ToString();
    }

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) // puts U+FFFD in place of half a surrogate pair
            clean.Append(rune.Utf16SequenceLength == 2 || XmlConvert.IsXmlChar((char)rune.Value) ? rune : Rune.ReplacementChar);
        return clean.ToString();
    }
}
