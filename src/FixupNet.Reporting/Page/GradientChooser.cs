using FixupNet.Reporting.Figures;

namespace FixupNet.Reporting.Page;

/// <summary>The chooser of gradient norms: one chart of all trials, whose methods, place, seed and step the reader chooses.</summary>
internal static class GradientChooser
{
    /// <summary>Name of its figure.</summary>
    public const string Name = "gradient-norms-chooser";

    /// <summary>Writes the section.</summary>
    /// <param name="html">The page.</param>
    /// <param name="gradients">The norms.</param>
    /// <param name="section">The drawings of the same norms, for papers.</param>
    public static void Write(HtmlWriter html, GradientRuns gradients, FigureSection section)
    {
        html.Open("section", ("class", "figure-section")).Element("h3", section.Title).Open("figure", ("data-figure", Name), ("class", "wide"));
        html.Element("h4", section.Title);
        html.Open("div", ("class", "controls"));
        Views(html, gradients.Axis);
        Choice(html, "method", "method");
        Choice(html, "place", gradients.Axis.Name);
        Choice(html, "seed", "seed");
        Choice(html, "norm", "norm", ("total", "Norm of the whole gradient"), ("first", "Gradient norm of the first layer"), ("last", "Gradient norm of the last layer"));
        html.Open("label").Text("step ").Open("input", ("type", "range"), ("min", "0"), ("data-control", "step")).Open("output").Close().Close();
        html.Close();
        FigureSections.ChartBody(html, section.Title, $"about-{Name}");
        html.Open("figcaption").Open("details").Element("summary", "In words").Element("p", "", ("id", $"about-{Name}")).Close();
        html.Open("details", ("class", "data")).Element("summary", "As a table").Close();
        html.Open("details").Element("summary", $"As SVG files ({section.Figures.Count})").Open("ul");
        foreach (var figure in section.Figures) html.Open("li").Element("a", figure.Title, ("href", $"figures/{figure.Name}.svg")).Close();
        html.Close().Close().Close().Close().Close();
    }

    private static void Views(HtmlWriter html, SweepAxis axis)
    {
        html.Open("fieldset").Element("legend", "show");
        (string Value, string Text)[] views =
        [
            ("methods", "layers at a step"), ("steps", "layers over training"), ("map", "map of layers and steps"), ("axis", $"a norm {axis.Phrase}"),
        ];
        foreach (var (value, text) in axis.Key is null ? views[..^1] : views)
        {
            html.Open("label");
            if (value == "methods") html.Open("input", ("type", "radio"), ("name", "norms-view"), ("value", value), ("checked", ""));
            else html.Open("input", ("type", "radio"), ("name", "norms-view"), ("value", value));
            html.Text($" {text}").Close();
        }
        html.Close();
    }

    private static void Choice(HtmlWriter html, string name, string label, params ReadOnlySpan<(string Value, string Text)> options)
    {
        html.Open("label").Text($"{label} ").Open("select", ("data-control", name));
        foreach (var (value, text) in options) html.Element("option", text, ("value", value));
        html.Close().Close();
    }
}
