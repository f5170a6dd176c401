using System.Text;

namespace FixupNet.Reporting.Page;

/// <summary>Writes HTML. Any text is escaped, so that what a name or a message holds is shown and never obeyed.</summary>
internal sealed class HtmlWriter
{
    private static readonly HashSet<string> Void = ["meta", "link", "br", "input", "col", "img"];
    private readonly StringBuilder _html = new();
    private readonly Stack<string> _open = new();

    /// <summary>Opens an element, which the next ones lie in until <see cref="Close"/>.</summary>
    public HtmlWriter Open(string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _html.Append('<').Append(name);
        foreach (var (attribute, value) in attributes) _html.Append(' ').Append(attribute).Append("=\"").Append(Escape(value)).Append('"');
        _html.Append('>');
        if (!Void.Contains(name)) _open.Push(name);
        return this;
    }

    /// <summary>Closes the element opened last.</summary>
    public HtmlWriter Close()
    {
        _html.Append("</").Append(_open.Pop()).Append(">\n");
        return this;
    }

    /// <summary>Writes text.</summary>
    public HtmlWriter Text(string text)
    {
        _html.Append(Escape(text));
        return this;
    }

    /// <summary>Writes an element that holds text only.</summary>
    public HtmlWriter Element(string name, string text, params ReadOnlySpan<(string Name, string Value)> attributes) =>
        Open(name, attributes).Text(text).Close();

    /// <summary>Writes markup that this program made itself, such as a script or a drawing.</summary>
    public HtmlWriter Markup(string markup)
    {
        _html.Append(markup);
        return this;
    }

    /// <summary>The document.</summary>
    public override string ToString() => _html.ToString();

    /// <summary>Text as HTML, for the content of elements and of quoted attributes.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) // puts U+FFFD in place of half a surrogate pair
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ => escaped.Append(IsDeceptive(rune) ? Rune.ReplacementChar : rune),
            };
        }
        return escaped.ToString();
    }

    // Control characters, and those that make a reader see letters in another order than they are in.
    private static bool IsDeceptive(Rune rune) =>
        (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t'))
        || rune.Value is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFFFE or 0xFFFF;
}
