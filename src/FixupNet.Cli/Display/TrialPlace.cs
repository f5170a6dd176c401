using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Display;

/// <summary>Where one trial of a sweep stands.</summary>
internal sealed record TrialPlace(
    int Index, string Name, TrialState State, long Step, double Epoch, double? TestAccuracy, double? ElapsedSeconds, string? Reason)
{
    /// <summary>Whether it will not go on by itself: it has a result, or failed.</summary>
    public bool HasEnded => State is TrialState.Completed or TrialState.Diverged or TrialState.Failed or TrialState.Stopped;

    /// <summary>Reads all trials.</summary>
    public static IReadOnlyList<TrialPlace> ReadAll(SweepDirectory sweep) => [.. sweep.ReadPlan().Select(line => Read(line, sweep.Trial(line)))];

    /// <summary>Writes trials as a table, and how many are in which state.</summary>
    public static void Write(TextWriter output, IReadOnlyList<TrialPlace> trials)
    {
        WriteTable(output, trials);
        output.WriteLine();
        output.WriteLine(Counts(trials));
    }

    /// <summary>Writes trials as a table.</summary>
    public static void WriteTable(TextWriter output, IEnumerable<TrialPlace> trials)
    {
        var table = new TextTable(">trial", "name", "state", ">epoch", ">accuracy", ">time", "reason");
        foreach (var trial in trials)
        {
            table.Add(
                $"{trial.Index}", trial.Name, RunText.Name(trial.State), FormattableString.Invariant($"{trial.Epoch:0.##}"),
                trial.TestAccuracy is { } accuracy ? FormattableString.Invariant($"{accuracy:F4}") : "",
                trial.ElapsedSeconds is { } seconds ? RunText.Seconds(seconds) : "", trial.Reason ?? "");
        }
        table.WriteTo(output);
    }

    /// <summary>How many trials are in which state.</summary>
    public static string Counts(IReadOnlyList<TrialPlace> trials) => string.Join(
        ", ", trials.CountBy(trial => trial.State).OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {RunText.Name(pair.Key)}"));

    private static TrialPlace Read(PlanLine line, TrialDirectory trial)
    {
        var (status, summary) = (trial.ReadStatus(), trial.ReadSummary());
        var state = summary?.State ?? status?.State ?? TrialState.Pending;
        return new(
            line.Index, line.Name, state, summary?.Steps ?? status?.Step ?? 0, summary?.Epochs ?? status?.Epoch ?? 0,
            summary?.Test?.Accuracy, summary?.ElapsedSeconds, status?.Reason);
    }
}
