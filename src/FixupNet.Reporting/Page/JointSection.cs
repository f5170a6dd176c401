using FixupNet.Reporting.Comparisons;
using FixupNet.Reporting.Results;
using FixupNet.Runs.Metrics;

namespace FixupNet.Reporting.Page;

/// <summary>Of a report on several sweeps: which they are, how their trials were put together, and how they compare.</summary>
internal static class JointSection
{
    private const string Id = "sweeps";
    private const int MostShown = 12;

    /// <summary>Its entry among the page's sections.</summary>
    public static (string Id, string Text) Entry { get; } = (Id, "The sweeps");

    /// <summary>Writes the section.</summary>
    public static void Write(HtmlWriter html, IReadOnlyList<ReportSource> sources, JointResults joint, IReadOnlyList<TrialRecord> trials)
    {
        html.Open("section", ("id", Id)).Element("h2", Entry.Text);
        ResultTables.Begin(html, "The sweeps", [("sweep", false), ("trials", true), ("states", false), ("trained by", false), ("folder", false)]);
        foreach (var (number, source) in sources.Index())
        {
            var own = trials.Where(trial => trial.Trial.Origin?.Number == number).ToList();
            html.Open("tr");
            ResultTables.Cell(html, joint.Names[number], false);
            ResultTables.Cell(html, $"{own.Count}", true, own.Count);
            ResultTables.Cell(html, ReportPage.States(own), false);
            ResultTables.Cell(html, string.Join("; ", Ran.Builds(own)), false);
            ResultTables.Cell(html, Path.GetFullPath(source.Root), false);
            html.Close();
        }
        html.Close().Close().Close();
        html.Element("p", Grouping(joint), ("class", "note"));
        if (joint.LeftOut.Count > 0) LeftOut(html, joint.LeftOut);
        if (joint.IsApart) Comparison(html, joint);
        html.Close();
    }

    private static string Grouping(JointResults joint)
    {
        var repeated = joint.RepeatedCount switch
        {
            0 => "No configuration was trained with the same seed in more than one of the sweeps",
            1 => "One configuration and seed was trained in more than one of the sweeps",
            var count => $"{count} configurations with their seeds were trained in more than one of the sweeps",
        };
        return joint.IsApart
            ? $"{repeated}. Equal configurations of different sweeps are kept apart here, by the key \"{JointResults.SweepKey}\"; \"report … --groups together\" makes one group of them, each seed once."
            : $"{repeated}. Trials of equal configuration are one group here, whichever sweep they are of, each seed once; \"report … --groups apart\" keeps the sweeps apart and compares them.";
    }

    private static void LeftOut(HtmlWriter html, IReadOnlyList<SweepTrial> trials)
    {
        var names = trials.Take(MostShown).Select(trial => $"trial {trial.Plan.Index} of {trial.Origin!.Name}");
        var more = trials.Count > MostShown ? $", and {trials.Count - MostShown} more" : "";
        html.Element("p", $"Not counted, for the same configuration and seed is counted in another sweep: {string.Join(", ", names)}{more}.", ("class", "note"));
    }

    private static void Comparison(HtmlWriter html, JointResults joint)
    {
        var metric = joint.Results.Metrics.Results[0];
        html.Element("h3", $"Test {Metric.Words(metric.Name)}{(metric.IsShare ? " in percent" : "")}, compared with {joint.Names[0]} (A)");
        try
        {
            var report = Compare(joint);
            var table = ComparisonTable.Of(report, name => name);
            ResultTables.Begin(html, "Sweeps compared", table.Columns.Select(column => (column.Header.Length > 0 ? column.Header : JointResults.SweepKey, column.IsNumber)));
            foreach (var row in table.Rows)
            {
                html.Open("tr");
                foreach (var (column, cell) in table.Columns.Zip(row)) ResultTables.Cell(html, cell, column.IsNumber);
                html.Close();
            }
            html.Close().Close().Close();
            Notes(html, report);
        }
        catch (ComparisonException error)
        {
            html.Element("p", $"There is nothing to compare: {error.Message}", ("class", "note"));
        }
    }

    private static ComparisonReport Compare(JointResults joint)
    {
        List<SelectedGroups> sides = [.. joint.Names.Select((name, number) =>
            SelectedGroups.Of(name, [.. joint.Results.Groups.Where(group => group.Trials[0].Origin!.Number == number)]))];
        var request = new ComparisonRequest(sides[0].Selection, [.. sides.Skip(1).Select(side => side.Selection)], ComparisonMetric.Among(joint.Results.Metrics)[0]);
        return SweepComparison.Run(request, sides[0], sides[1..]);
    }

    private static void Notes(HtmlWriter html, ComparisonReport report)
    {
        html.Open("ul", ("class", "note"));
        foreach (var line in ComparisonExplanation.Of(report).Concat(report.Warnings)) html.Element("li", line);
        foreach (var same in report.Rows.SelectMany(row => row.Differences.Select(difference => (row.Compared, difference))).Distinct())
            html.Element("li", $"{same.Compared} also differs in {same.difference.Key}: {same.difference.Other ?? "none"}, in A {same.difference.Baseline ?? "none"}");
        foreach (var row in report.Rows)
        {
            var place = string.Join(", ", report.Keys.Select(key => $"{key}={ComparisonText.Value(row, key)}").Prepend(row.Compared));
            foreach (var warning in row.Warnings) html.Element("li", $"{place}: {warning}");
        }
        html.Close();
        html.Element("p", "Other metrics, tests and margins: \"fixupnet compare\" with the folders of the sweeps.", ("class", "hint"));
    }
}
