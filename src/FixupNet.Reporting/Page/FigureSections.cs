using FixupNet.Reporting.Figures;

namespace FixupNet.Reporting.Page;

/// <summary>The figures of a page: charts where uPlot is at hand, else drawings.</summary>
internal static class FigureSections
{
    /// <summary>Writes all sections.</summary>
    public static void Write(HtmlWriter html, IReadOnlyList<FigureSection> sections, PageAssets assets)
    {
        html.Open("section", ("id", "figures")).Element("h2", "Figures");
        html.Element("p", assets.HasCharts
            ? "Drag over a chart to zoom, double-click to go back. With the keyboard: Tab to a chart, arrow keys to read it, + and − to zoom, 0 to go "
                + "back. For papers, every figure is an SVG file in report/figures."
            : "This program was built without uPlot (npm was absent or failed at build time), so the figures on this page are drawings that cannot be "
                + "zoomed. The same figures are SVG files in report/figures.", ("class", "hint"), ("id", "figures-hint"));
        if (assets.HasCharts) html.Open("noscript").Element("p", "The charts need JavaScript; without it, see the SVG files in report/figures.").Close();
        foreach (var section in sections) Write(html, section, assets);
        html.Close();
    }

    private static void Write(HtmlWriter html, FigureSection section, PageAssets assets)
    {
        html.Open("section", ("class", "figure-section")).Element("h3", section.Title);
        if (section.Note.Length > 0) html.Element("p", section.Note, ("class", "note"));
        // The first figures are the ones to look at; the others wait behind their titles.
        var shown = section.Figures.Count <= 4 ? section.Figures.Count : 2;
        foreach (var figure in section.Figures.Take(shown)) Write(html, figure, assets, hasTitle: section.Figures.Count > 1);
        foreach (var figure in section.Figures.Skip(shown))
        {
            html.Open("details", ("class", "more")).Element("summary", figure.Title);
            Write(html, figure, assets, hasTitle: false); // the summary has it
            html.Close();
        }
        html.Close();
    }

    private static void Write(HtmlWriter html, Figure figure, PageAssets assets, bool hasTitle)
    {
        var id = $"about-{figure.Name}";
        html.Open("figure", ("data-figure", figure.Name));
        if (hasTitle) html.Element("h4", figure.Title);
        if (assets.HasCharts)
        {
            html.Open("div", ("class", "legend")).Close();
            html.Open("div", ("class", "plot"), ("tabindex", "0"), ("role", "application"), ("aria-roledescription", "chart"),
                ("aria-label", figure.Title), ("aria-describedby", id)).Close();
            html.Open("p", ("class", "readout"), ("aria-live", "polite")).Close();
        }
        else html.Open("div", ("class", "drawing")).Markup(figure.ToSvg()).Close();
        html.Open("figcaption").Open("details").Element("summary", "In words").Element("p", figure.Description, ("id", id)).Close();
        html.Open("details", ("class", "data")).Element("summary", "As a table").Close();
        html.Element("a", "SVG", ("href", $"figures/{figure.Name}.svg")).Close().Close();
    }
}
