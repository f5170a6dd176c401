using FixupNet.Reporting.Results;
using FixupNet.Reporting.Statistics;
using FixupNet.Reporting.Tables;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Page;

/// <summary>What studies of the trained networks found: a table a study, a row a configuration.</summary>
internal static class StudyTables
{
    private const string Id = "studies";

    /// <summary>Its entry among the page's sections.</summary>
    public static (string Id, string Text) Entry { get; } = (Id, "Studies");

    /// <summary>The answers there are, by study and trial.</summary>
    /// <exception cref="InvalidDataException">A record is damaged.</exception>
    public static IReadOnlyList<(string Study, IReadOnlyDictionary<SweepTrial, StudyRecord> Records)> Read(SweepResults results) =>
    [
        .. results.Groups.SelectMany(group => group.Trials).Where(trial => Directory.Exists(trial.Directory.StudiesFolder))
            .SelectMany(trial => Directory.EnumerateFiles(trial.Directory.StudiesFolder, "*.json").Order(StringComparer.Ordinal)
                .Select(file => (Trial: trial, Record: RunJson.ReadFile<StudyRecord>(file))))
            .GroupBy(item => item.Record.Study).OrderBy(study => study.Key, StringComparer.Ordinal)
            .Select(study => (study.Key, (IReadOnlyDictionary<SweepTrial, StudyRecord>)study.ToDictionary(item => item.Trial, item => item.Record))),
    ];

    /// <summary>Writes the section, where there is an answer.</summary>
    public static void Write(HtmlWriter html, SweepResults results, IReadOnlyList<(string Study, IReadOnlyDictionary<SweepTrial, StudyRecord> Records)> studies)
    {
        if (studies.Count == 0) return;
        html.Open("section", ("id", Id)).Element("h2", Entry.Text);
        html.Element("p", "Asked of the trained networks by \"fixupnet study\"; mean ± standard deviation over the n networks of a configuration.", ("class", "hint"));
        foreach (var (study, records) in studies) Table(html, results, study, records);
        html.Close();
    }

    private static void Table(HtmlWriter html, SweepResults results, string study, IReadOnlyDictionary<SweepTrial, StudyRecord> records)
    {
        html.Element("h3", study);
        // What each value is called and counted in, in the order in which records have them.
        var columns = records.Values.SelectMany(record => record.Values).Select(value => (value.Name, value.Unit)).Distinct().ToList();
        ResultTables.Begin(html, $"The study {study}",
            [.. results.Keys.Select(key => (key, false)), ("n", true), .. columns.Select(column => (column.Unit == Metric.Share ? $"{column.Name} %" : column.Name, true))]);
        foreach (var group in results.Groups)
        {
            var answers = group.Trials.Where(records.ContainsKey).Select(trial => records[trial]).ToList();
            if (answers.Count == 0) continue;
            html.Open("tr");
            foreach (var key in results.Keys) ResultTables.Cell(html, group.Parameters.TryGetValue(key, out var value) ? ParameterValue.Label(value) ?? ParameterValue.Text(value) : "", false);
            ResultTables.Cell(html, $"{answers.Count}", true, answers.Count);
            foreach (var (name, unit) in columns)
            {
                var values = answers.SelectMany(record => record.Values).Where(value => value.Name == name).Select(value => unit == Metric.Share ? value.Value * 100 : value.Value).ToArray();
                ResultTables.Cell(html, Text(values, unit), true, values.Length > 0 ? values.Average() : null);
            }
            html.Close();
        }
        html.Close().Close().Close();
    }

    private static string Text(double[] values, string unit)
    {
        if (values.Length == 0) return "";
        var format = unit == Metric.Share ? "F1" : "G4";
        var mean = DisplayText.Number(values.Average(), format);
        return Sample.StandardDeviation(values) is { } deviation ? $"{mean} ± {DisplayText.Number(deviation, format)}" : mean;
    }
}
