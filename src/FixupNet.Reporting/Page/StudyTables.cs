using FixupNet.Reporting.Results;
using FixupNet.Reporting.Statistics;
using FixupNet.Reporting.Tables;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Page;

/// <summary>What studies of the trained networks found: a table a study, a row a configuration, and its figures.</summary>
internal static class StudyTables
{
    private const string Id = "studies";

    /// <summary>Its entry among the page's sections.</summary>
    public static (string Id, string Text) Entry { get; } = (Id, "Studies");

    /// <summary>Writes the section, where there is an answer.</summary>
    public static void Write(HtmlWriter html, ReportContent content, PageAssets assets)
    {
        if (!content.HasStudies) return;
        html.Open("section", ("id", Id)).Element("h2", Entry.Text);
        if (content.Studies.Count > 0) html.Element("p", "Asked of the trained networks by \"fixupnet study\"; mean ± standard deviation over the n networks of a configuration.", ("class", "hint"));
        foreach (var study in content.Studies)
        {
            Table(html, content.Results, study);
            Figures(study.Study);
        }
        foreach (var study in content.SweepStudies)
        {
            Table(html, study);
            Figures(study.Study);
        }
        html.Close();

        void Figures(string study) => FigureSections.WriteFigures(html, content.Figures.Studies.First(section => section.Title == study).Figures, assets);
    }

    private static void Table(HtmlWriter html, StudyRecord study)
    {
        html.Element("h3", study.Study).Element("p", "Asked of the sweep as a whole.", ("class", "hint"));
        ResultTables.Begin(html, $"The study {study.Study} of the sweep", [("what", false), ("value", true)]);
        foreach (var value in study.Values)
        {
            var number = Shown(value.Value, value.Unit);
            html.Open("tr");
            ResultTables.Cell(html, Heading(value.Name, value.Unit), false);
            ResultTables.Cell(html, Text([number], value.Unit), true, number);
            html.Close();
        }
        html.Close().Close().Close();
    }

    private static void Table(HtmlWriter html, SweepResults results, StudyAnswers study)
    {
        html.Element("h3", study.Study);
        // What each value is called and counted in, in the order in which records have them.
        var columns = study.Records.Values.SelectMany(record => record.Values).Select(value => (value.Name, value.Unit)).Distinct().ToList();
        ResultTables.Begin(html, $"The study {study.Study}",
            [.. results.Keys.Select(key => (key, false)), ("n", true), .. columns.Select(column => (Heading(column.Name, column.Unit), true))],
            header => ResultTables.ShortHeader(header, results.Keys));
        foreach (var group in results.Groups)
        {
            var answers = study.Of(group).Select(answer => answer.Record).ToList();
            if (answers.Count == 0) continue;
            html.Open("tr");
            foreach (var key in results.Keys) ResultTables.Cell(html, group.Parameters.TryGetValue(key, out var value) ? ParameterValue.Label(value) ?? ParameterValue.Text(value) : "", false);
            ResultTables.Cell(html, $"{answers.Count}", true, answers.Count);
            foreach (var (name, unit) in columns)
            {
                var values = answers.SelectMany(record => record.Values).Where(value => value.Name == name).Select(value => Shown(value.Value, unit)).ToArray();
                ResultTables.Cell(html, Text(values, unit), true, values.Length > 0 ? values.Average() : null);
            }
            html.Close();
        }
        html.Close().Close().Close();
    }

    private static string Heading(string name, string unit) => unit == Metric.Share ? $"{name} (%)" : name;

    private static double Shown(double value, string unit) => unit == Metric.Share ? value * 100 : value;

    private static string Text(double[] values, string unit)
    {
        if (values.Length == 0) return "";
        var format = unit == Metric.Share ? "F1" : "G4";
        var mean = DisplayText.Number(values.Average(), format);
        return Sample.StandardDeviation(values) is { } deviation ? $"{mean} ± {DisplayText.Number(deviation, format)}" : mean;
    }
}
