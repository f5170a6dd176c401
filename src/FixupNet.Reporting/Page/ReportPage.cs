using System.Text.Json;
using FixupNet.Reporting.Figures;
using FixupNet.Reporting.Results;
using FixupNet.Runs.Files;

namespace FixupNet.Reporting.Page;

/// <summary>The page of a report: one file that needs neither a network nor other files.</summary>
internal static class ReportPage
{
    /// <summary>Replaces index.html.</summary>
    /// <returns>Path of the file.</returns>
    public static string Write(string folder, ReportContent content)
    {
        var path = Path.Combine(folder, "index.html");
        DurableFile.WriteAllText(path, Render(content, PageAssets.Embedded));
        return path;
    }

    /// <summary>The page as text.</summary>
    public static string Render(ReportContent content, PageAssets assets)
    {
        var (sources, figures) = (content.Sources, content.Figures);
        var trials = content.Results.Groups.SelectMany(group => group.Trials).OrderBy(trial => trial.Origin?.Number).ThenBy(trial => trial.Plan.Index)
            .Select(TrialRecord.Read).ToList();
        var (name, about) = NameOf(content);
        var html = new HtmlWriter();
        html.Markup("<!DOCTYPE html>\n").Open("html", ("lang", "en"));
        Head(html, name, assets);
        html.Open("body");
        html.Element("a", "Skip to the figures", ("class", "skip"), ("href", "#figures"));
        Header(html, name, about, trials, [.. content.Joint is null ? [] : new[] { JointSection.Entry }, .. !content.HasStudies ? [] : new[] { StudyTables.Entry }]);
        html.Open("main");
        ResultTables.Write(html, content.Table, trials);
        if (content.Joint is { } joint) JointSection.Write(html, sources, joint, trials);
        StudyTables.Write(html, content, assets);
        FigureSections.Write(html, figures, assets);
        Failures.Write(html, trials);
        Asked.Write(html, sources, trials);
        Ran.Write(html, sources, trials);
        TestSetUse.Write(html, trials);
        html.Close();
        var drawn = figures.Sections.Where(section => !assets.HasCharts || section.Title != ReportFigures.GradientSection).Concat(figures.Studies);
        Data(html, "figure-data", PageData.Of(drawn.SelectMany(section => section.Figures).OfType<Chart>()));
        if (assets.HasCharts && figures.Gradients.Runs.Count > 0) Data(html, "gradient-data", PageData.Of(figures.Gradients));
        foreach (var script in assets.Scripts) html.Open("script").Markup(script).Close();
        return html.Close().Close().ToString();
    }

    private static void Data(HtmlWriter html, string id, string json) => html.Open("script", ("type", "application/json"), ("id", id)).Markup(json).Close();

    private static void Head(HtmlWriter html, string name, PageAssets assets)
    {
        html.Open("head").Open("meta", ("charset", "utf-8"))
            .Open("meta", ("http-equiv", "Content-Security-Policy"), ("content", assets.ContentSecurityPolicy()))
            .Open("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"))
            .Open("meta", ("name", "color-scheme"), ("content", "light dark"))
            .Open("link", ("rel", "icon"), ("href", "data:,"))
            .Element("title", $"{name} – FixupNet report");
        foreach (var style in assets.Styles) html.Open("style").Markup(style).Close();
        html.Close();
    }

    private static void Header(HtmlWriter html, string name, string about, List<TrialRecord> trials, IReadOnlyList<(string Id, string Text)> more)
    {
        html.Open("header").Open("div").Element("h1", name);
        if (about.Length > 0) html.Element("p", about, ("class", "about"));
        html.Element("p", $"{trials.Count} {(trials.Count == 1 ? "trial" : "trials")}: {States(trials)}", ("class", "states")).Close();
        html.Element("button", "Dark", ("type", "button"), ("id", "theme")).Close();
        html.Open("nav", ("aria-label", "Sections"));
        foreach (var (id, text) in (IEnumerable<(string Id, string Text)>)
            [("results", "Results"), .. more, ("figures", "Figures"), ("failures", "What went wrong"), ("asked", "What was asked"), ("ran", "What ran"), ("test-set", "Test set")])
            html.Element("a", text, ("href", $"#{id}"));
        html.Close();
    }

    /// <summary>How many trials are in which state.</summary>
    public static string States(IEnumerable<TrialRecord> trials) => string.Join(" · ", trials.CountBy(trial => trial.State).OrderBy(count => count.Key)
        .Select(count => $"{count.Value} {count.Key.ToString().ToLowerInvariant()}"));

    private static (string Name, string About) NameOf(ReportContent content)
    {
        if (content.Joint is { } joint) return (string.Join(" + ", joint.Names), "");
        var source = content.Sources[0];
        if (!File.Exists(source.ResolvedFile)) return (source.FolderName, "");
        using var json = RunDocument.Read(source.ResolvedFile);
        string? Text(string key) =>
            json.RootElement.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return (Text("name") ?? source.FolderName, Text("about") ?? "");
    }
}
