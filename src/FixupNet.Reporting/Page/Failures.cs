using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Page;

/// <summary>Which trials did not train to the end, and why.</summary>
internal static class Failures
{
    /// <summary>Writes the section.</summary>
    public static void Write(HtmlWriter html, IReadOnlyList<TrialRecord> trials)
    {
        html.Open("section", ("id", "failures")).Element("h2", "What went wrong");
        var ended = trials.Where(trial => trial.State is TrialState.Diverged or TrialState.Failed or TrialState.Stopped or TrialState.Interrupted || DeadSince(trial) is not null).ToList();
        if (ended.Count == 0) html.Element("p", "Nothing: no trial diverged, died, failed or was stopped.");
        else
        {
            ResultTables.Begin(html, "Trials that diverged, died, or did not train to the end", [.. ResultTables.TrialColumns(trials), ("state", false), ("step", true), ("why", false)]);
            foreach (var trial in ended)
            {
                html.Open("tr");
                ResultTables.TrialCells(html, trial, trial.Name);
                ResultTables.Cell(html, trial.State.ToString().ToLowerInvariant() + (DeadSince(trial) is null ? "" : ", dead"), false);
                var step = trial.Trial.Summary?.Divergence?.Step ?? DeadSince(trial) ?? trial.Trial.Summary?.Steps;
                ResultTables.Cell(html, $"{step}", true, step);
                ResultTables.Cell(html, Why(trial), false);
                html.Close();
            }
            html.Close().Close().Close();
        }
        var open = trials.Count(trial => trial.State is TrialState.Pending or TrialState.Running);
        if (open > 0) html.Element("p", $"{(open == 1 ? "1 trial is" : $"{open} trials are")} pending or running; this page shows the results there were when it was written.");
        html.Close();
    }

    private static long? DeadSince(TrialRecord trial) => trial.Trial.Summary?.GradientNorms?.DeadSinceStep;

    private static string Why(TrialRecord trial)
    {
        if (DeadSince(trial) is not null) return "from this step on the gradient of every layer but the last is 0: nothing passes the activations";
        var divergence = trial.Trial.Summary?.Divergence;
        var seen = divergence is null ? "" : divergence.Layer is { } layer ? $"{divergence.What}; first in {layer}" : divergence.What;
        // The reason mostly says what was seen in a sentence of its own.
        var isSaid = divergence is not null && trial.Reason.Contains(divergence.What, StringComparison.Ordinal);
        var text = isSaid ? trial.Reason : string.Join("; ", new[] { seen, trial.Reason }.Where(part => part.Length > 0));
        return text.Length > 0 ? text : "no reason was recorded; see log.txt in its folder";
    }
}
