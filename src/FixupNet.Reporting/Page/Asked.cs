using System.Text;
using FixupNet.Reporting.Results;
using FixupNet.Runs.Files;

namespace FixupNet.Reporting.Page;

/// <summary>What was asked: the document, what differs between trials, and what they share.</summary>
internal static class Asked
{
    private const int MostShownBytes = 1 << 20;

    /// <summary>Writes the section.</summary>
    public static void Write(HtmlWriter html, IReadOnlyList<ReportSource> sources, IReadOnlyList<TrialRecord> trials)
    {
        html.Open("section", ("id", "asked")).Element("h2", "What was asked");
        var keys = trials.SelectMany(trial => trial.Config.Keys).Distinct().ToList();
        var differing = keys.Where(key => trials.Select(trial => trial.Config.GetValueOrDefault(key)).Distinct().Count() > 1).ToList();
        Differences(html, trials, differing);
        html.Open("details").Element("summary", trials.Count > 1 ? "What all trials share" : "Its configuration").Open("dl");
        foreach (var key in keys.Except(differing)) html.Element("dt", key).Element("dd", Short(trials[0].Config[key]));
        html.Close().Close();
        foreach (var source in sources.Where(source => File.Exists(source.DocumentFile)))
        {
            var title = source.IsSweep ? "The sweep as it was written" : "The run's document, with every default";
            html.Open("details").Element("summary", sources.Count > 1 ? $"{source.FolderName}: {title}" : title).Element("pre", TextOf(source.DocumentFile)).Close();
        }
        html.Close();
    }

    private static void Differences(HtmlWriter html, IReadOnlyList<TrialRecord> trials, List<string> keys)
    {
        if (keys.Count == 0)
        {
            if (trials.Count > 1) html.Element("p", "All trials have the same configuration.");
            return;
        }
        html.Element("p", "What differs between trials; marked is what differs from the first trial.", ("class", "hint"));
        ResultTables.Begin(html, "Differences between trials", [.. ResultTables.TrialColumns(trials), .. keys.Select(key => (key, false))]);
        foreach (var trial in trials)
        {
            html.Open("tr");
            ResultTables.TrialCells(html, trial, $"{trial.Trial.Plan.Index}", trial.Trial.Plan.Index);
            foreach (var key in keys)
            {
                var value = trial.Config.GetValueOrDefault(key);
                html.Open("td", ("class", "text"));
                if (value == trials[0].Config.GetValueOrDefault(key)) html.Text(Short(value ?? ""));
                else html.Element("mark", Short(value ?? ""));
                html.Close();
            }
            html.Close();
        }
        html.Close().Close().Close();
    }

    private static string TextOf(string file) => Encoding.UTF8.GetString(BoundedFile.ReadBeginning(file, MostShownBytes).Span);

    // A text without its quotation marks.
    private static string Short(string json) => json.Length >= 2 && json[0] == '"' ? System.Text.Json.JsonSerializer.Deserialize<string>(json)! : json;
}
