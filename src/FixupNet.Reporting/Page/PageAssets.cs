using System.Security.Cryptography;
using System.Text;

namespace FixupNet.Reporting.Page;

/// <summary>Scripts and styles that a page carries in itself.</summary>
/// <param name="Styles">Style sheets.</param>
/// <param name="Scripts">Scripts, in the order they run in.</param>
/// <param name="HasCharts">Whether uPlot is among them; without it, figures are drawings.</param>
internal sealed record PageAssets(IReadOnlyList<string> Styles, IReadOnlyList<string> Scripts, bool HasCharts)
{
    private static readonly string[] Own = [
        "theme.js", "tables.js", "values.js", "marks.js", "plots.js", "legends.js", "curves.js", "readings.js", "charts.js", "maps.js", "normcharts.js", "norms.js", "points.js", "page.js",
    ];

    /// <summary>Those that were built into this program.</summary>
    public static PageAssets Embedded { get; } = Load(withCharts: true);

    /// <summary>Reads the ones built in.</summary>
    /// <param name="withCharts">False leaves uPlot out, as where the build had no npm.</param>
    public static PageAssets Load(bool withCharts)
    {
        var library = withCharts ? Find("uPlot.iife.min.js") : null;
        var own = string.Join('\n', Own.Select(name => Find(name) ?? throw new InvalidOperationException($"{name} was not built in.")));
        var style = Find("page.css") ?? throw new InvalidOperationException("page.css was not built in.");
        return library is null
            ? new PageAssets([style], [own], false)
            : new PageAssets([Find("uPlot.min.css") ?? "", style], [library, own], true);
    }

    /// <summary>A policy under which only these scripts and styles run, and nothing is ever requested.</summary>
    public string ContentSecurityPolicy() =>
        $"default-src 'none'; script-src {Hashes(Scripts)}; style-src {Hashes(Styles)}; img-src data:; base-uri 'none'; form-action 'none'";

    private static string Hashes(IEnumerable<string> texts) =>
        string.Join(' ', texts.Select(text => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'"));

    private static string? Find(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"Page/{name}");
        if (stream is null) return null;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // As a browser reads it, or the hash would be another one.
        var text = reader.ReadToEnd().ReplaceLineEndings("\n");
        return text.Contains("</script", StringComparison.OrdinalIgnoreCase) || text.Contains("</style", StringComparison.OrdinalIgnoreCase)
            ? throw new InvalidDataException($"{name} cannot be embedded: it would end its own element.")
            : text;
    }
}
