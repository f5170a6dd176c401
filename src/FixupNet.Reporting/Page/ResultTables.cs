using FixupNet.Reporting.Results;
using FixupNet.Reporting.Tables;
using FixupNet.Runs.Metrics;

namespace FixupNet.Reporting.Page;

/// <summary>The results as tables that can be sorted.</summary>
internal static class ResultTables
{
    private const int MostUnbroken = 40;

    /// <summary>Writes the table of the grid and the table of the trials.</summary>
    public static void Write(HtmlWriter html, SweepTable table, IReadOnlyList<TrialRecord> trials)
    {
        html.Open("section", ("id", "results")).Element("h2", "Results");
        var metrics = table.Metrics.Select(metric => Metric.Words(metric.Name)).ToList();
        html.Element("p", $"{MetricCatalog.TitleOf(string.Join(", ", metrics))} {(metrics.Count == 1 ? "is that" : "are those")} of the last test, never of the best, as mean ± standard deviation over the n seeds that trained to the end. A click "
            + "on a heading sorts. The same table: table.md, table.csv and table.json in the folder of this page.", ("class", "hint"));
        Begin(html, "Results over seeds", table.Columns().Select(column => (column.Header, column.IsNumber)), header => ShortHeader(header, table.Keys));
        foreach (var row in table.Rows)
        {
            html.Open("tr");
            foreach (var column in table.Columns()) Cell(html, column.Cell(row), column.IsNumber, column.Value?.Invoke(row));
            html.Close();
        }
        html.Close().Close().Close();
        Trials(html, table.Metrics, trials);
        html.Close();
    }

    /// <summary>Begins a table that can be sorted, as far as its body.</summary>
    /// <param name="html">The page.</param>
    /// <param name="caption">What it shows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="shorten">A shorter text of a heading, which then names the whole to the pointer.</param>
    public static void Begin(HtmlWriter html, string caption, IEnumerable<(string Header, bool IsNumber)> columns, Func<string, string>? shorten = null)
    {
        html.Open("div", ("class", "table"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption)).Open("table", ("class", "sortable"));
        html.Element("caption", caption).Open("thead").Open("tr");
        foreach (var (header, isNumber) in columns)
            html.Open("th", ("scope", "col"), ("class", isNumber ? "number" : "text"), ("title", header)).Element("button", shorten?.Invoke(header) ?? header, ("type", "button")).Close();
        html.Close().Close().Open("tbody");
    }

    /// <summary>Writes a cell.</summary>
    /// <param name="html">The page.</param>
    /// <param name="text">What is shown.</param>
    /// <param name="isNumber">Whether it aligns to the right.</param>
    /// <param name="value">What it is sorted by, where that is not the text.</param>
    public static void Cell(HtmlWriter html, string text, bool isNumber, double? value = null)
    {
        // A name is not to break at its hyphens.
        var kind = isNumber ? "number" : text.Length <= MostUnbroken && !text.Contains(' ', StringComparison.Ordinal) ? "text name" : "text";
        if (value is { } number) html.Element("td", text, ("class", kind), ("data-value", $"{number}"));
        else html.Element("td", text, ("class", kind));
    }

    /// <summary>The columns that name a trial: where there are several sweeps, which one it is of too.</summary>
    public static IEnumerable<(string Header, bool IsNumber)> TrialColumns(IReadOnlyList<TrialRecord> trials) =>
        trials.Any(trial => trial.Trial.Origin is not null) ? [(JointResults.SweepKey, false), ("trial", false)] : [("trial", false)];

    /// <summary>Writes the cells that name a trial.</summary>
    /// <param name="html">The page.</param>
    /// <param name="trial">The trial.</param>
    /// <param name="text">Its name within its sweep.</param>
    /// <param name="value">What the name is sorted by, where that is not the text.</param>
    public static void TrialCells(HtmlWriter html, TrialRecord trial, string text, double? value = null)
    {
        if (trial.Trial.Origin is { } origin) Cell(html, origin.Name, false);
        Cell(html, text, false, value);
    }

    /// <summary>A heading of a key by its last part, where no other key has the same: keys are long and a wide table is hard to read.</summary>
    /// <param name="header">The heading.</param>
    /// <param name="keys">All keys.</param>
    public static string ShortHeader(string header, IReadOnlyList<string> keys)
    {
        static string Last(string key) => key[(key.LastIndexOf('.') + 1)..];
        return keys.Contains(header) && keys.Count(key => Last(key) == Last(header)) == 1 ? Last(header) : header;
    }

    private static void Trials(HtmlWriter html, IReadOnlyList<Metric> metrics, IReadOnlyList<TrialRecord> trials)
    {
        var haveWaited = trials.Any(trial => trial.Trial.Summary?.WaitedShare is not null);
        html.Open("details").Element("summary", $"Every trial ({trials.Count})");
        Begin(html, "Trials",
        [
            .. TrialColumns(trials), ("state", false), ("seed", true), ("steps", true),
            .. metrics.Where(metric => metric.Name != Metric.Loss).Select(metric => (DisplayText.Header("test", metric), true)), ("test loss", true), ("train loss", true), ("seconds", true),
            .. haveWaited ? [("waited %", true)] : ((string, bool)[])[],
        ]);
        foreach (var trial in trials)
        {
            var summary = trial.Trial.Summary;
            html.Open("tr");
            TrialCells(html, trial, trial.Name);
            Cell(html, trial.State.ToString().ToLowerInvariant(), false);
            Cell(html, $"{trial.Trial.Plan.Seed}", true, trial.Trial.Plan.Seed);
            Cell(html, $"{summary?.Steps}", true, summary?.Steps);
            foreach (var metric in metrics.Where(metric => metric.Name != Metric.Loss))
                Cell(html, DisplayText.Value(summary?.Test?[metric.Name], metric), true, summary?.Test?[metric.Name]);
            Cell(html, DisplayText.Number(summary?.Test?.Loss, "G4"), true, summary?.Test?.Loss);
            Cell(html, DisplayText.Number(summary?.Train?.Loss, "G4"), true, summary?.Train?.Loss);
            Cell(html, DisplayText.Number(summary?.ElapsedSeconds, "F1"), true, summary?.ElapsedSeconds);
            if (haveWaited) Cell(html, DisplayText.Number(100 * summary?.WaitedShare, "F2"), true, summary?.WaitedShare);
            html.Close();
        }
        html.Close().Close().Close().Close();
    }
}
