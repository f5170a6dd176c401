namespace FixupNet.Reporting.Figures;

/// <summary>A figure as data: the SVG file and the page draw the same points.</summary>
/// <param name="Name">Name of its file, of [a-z0-9.-], without the extension.</param>
/// <param name="Title">The text alternative in a few words.</param>
/// <param name="Description">The text alternative in full.</param>
internal abstract record Figure(string Name, string Title, string Description)
{
    /// <summary>Draws the figure for print.</summary>
    /// <returns>The SVG document.</returns>
    public abstract string ToSvg();

    /// <summary>Part of a name: what is neither a letter nor a digit becomes a hyphen.</summary>
    protected internal static string Slug(string text) =>
        string.Join('-', new string([.. text.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)) is var slug && slug.Length > 60 ? slug[..60] : slug;
}
