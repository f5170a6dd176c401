using FixupNet.Reporting.Figures;

namespace FixupNet.Reporting.Page;

/// <summary>The figures of a page: charts where uPlot is at hand, else drawings.</summary>
internal static class FigureSections
{
    // Of a matrix that has room beside another.
    private const int MostColumnsBeside = 6;

    /// <summary>Writes all sections.</summary>
    public static void Write(HtmlWriter html, ReportFigures figures, PageAssets assets)
    {
        html.Open("section", ("id", "figures")).Element("h2", "Figures");
        html.Element("p", assets.HasCharts
            ? "Press a name to hide or show its curve. Drag over a chart to zoom, double-click to go back. With the keyboard: Tab to a chart, arrow keys to "
                + "read it, + and − to zoom, 0 to go back. For papers, every figure is an SVG file in report/figures."
            : "This program was built without uPlot (npm was absent or failed at build time), so the figures on this page are drawings that cannot be "
                + "zoomed. The same figures are SVG files in report/figures.", ("class", "hint"), ("id", "figures-hint"));
        if (assets.HasCharts) html.Open("noscript").Element("p", "The charts need JavaScript; without it, see the SVG files in report/figures.").Close();
        foreach (var section in figures.Sections)
        {
            if (assets.HasCharts && section.Title == ReportFigures.GradientSection) GradientChooser.Write(html, figures.Gradients, section);
            else Write(html, section, assets);
        }
        NotDrawn(html, figures.NotDrawn);
        html.Close();
    }

    /// <summary>Writes the places of a chart's legend, plot and readout.</summary>
    /// <param name="html">The page.</param>
    /// <param name="title">What the chart shows.</param>
    /// <param name="description">Identity of the element that describes it.</param>
    public static void ChartBody(HtmlWriter html, string title, string description)
    {
        html.Open("div", ("class", "legend")).Close();
        html.Open("div", ("class", "plot"), ("tabindex", "0"), ("role", "application"), ("aria-roledescription", "chart"),
            ("aria-label", title), ("aria-describedby", description)).Close();
        html.Open("p", ("class", "readout"), ("aria-live", "polite")).Close();
    }

    private static void Write(HtmlWriter html, FigureSection section, PageAssets assets)
    {
        html.Open("section", ("class", "figure-section")).Element("h3", section.Title);
        WriteFigures(html, section.Figures, assets);
        html.Close();
    }

    /// <summary>Writes figures side by side.</summary>
    public static void WriteFigures(HtmlWriter html, IReadOnlyList<Figure> figures, PageAssets assets)
    {
        if (figures.Count == 0) return;
        // The first figures are the ones to look at; the others wait behind their titles.
        var shown = figures.Count <= 8 ? figures.Count : 6;
        html.Open("div", ("class", "figures"));
        foreach (var figure in figures.Take(shown)) Write(html, figure, assets);
        html.Close();
        if (shown < figures.Count)
        {
            html.Open("details", ("class", "more")).Element("summary", $"{figures.Count - shown} more: {figures[shown].Title} …").Open("div", ("class", "figures"));
            foreach (var figure in figures.Skip(shown)) Write(html, figure, assets);
            html.Close().Close();
        }
    }

    private static void Write(HtmlWriter html, Figure figure, PageAssets assets)
    {
        var id = $"about-{figure.Name}";
        if (figure is Chart) html.Open("figure", ("data-figure", figure.Name));
        else html.Open("figure", ("class", figure is MatrixMap { ColumnNames.Count: <= MostColumnsBeside } ? "beside" : "whole"));
        html.Element("h4", figure.Title);
        if (figure is MatrixMap map) StudyFigureTables.Write(html, map);
        else if (figure is PictureGrid grid) StudyFigureTables.Write(html, grid);
        else if (assets.HasCharts) ChartBody(html, figure.Title, id);
        else html.Open("div", ("class", "drawing")).Markup(figure.ToSvg()).Close();
        html.Open("figcaption").Open("details").Element("summary", "In words").Element("p", figure.Description, ("id", id)).Close();
        if (figure is Chart) html.Open("details", ("class", "data")).Element("summary", "As a table").Close();
        html.Element("a", "SVG", ("href", $"figures/{figure.Name}.svg")).Close().Close();
    }

    private static void NotDrawn(HtmlWriter html, IReadOnlyList<string> reasons)
    {
        if (reasons.Count == 0) return;
        html.Open("section", ("class", "figure-section")).Element("h3", "Not drawn").Open("ul", ("class", "note"));
        foreach (var reason in reasons) html.Element("li", reason);
        html.Close().Close();
    }
}
