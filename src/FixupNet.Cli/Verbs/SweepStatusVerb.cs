using System.CommandLine;
using FixupNet.Cli.Display;
using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Verbs;

/// <summary>"sweep status": where each trial of a sweep stands, also while it runs.</summary>
internal static class SweepStatusVerb
{
    private sealed record TrialPlace(
        int Index, string Name, TrialState State, long Step, double Epoch, double? TestAccuracy, double? ElapsedSeconds, string? Reason);

    /// <summary>Creates the command.</summary>
    public static Command Create(CliHost host)
    {
        var (folder, json) = (SweepVerb.Folder(), Inputs.Json());
        var verb = new Verb(
            "status", "Tells where each trial of a sweep stands.",
            "fixupnet sweep status runs/depth-sweep-1a2b3c")
        {
            folder, json,
        };
        verb.SetAction(parsed =>
        {
            var sweep = SweepVerb.Open(parsed.GetRequiredValue(folder));
            List<TrialPlace> trials = [.. sweep.ReadPlan().Select(line => Place(line, sweep.Trial(line)))];
            if (parsed.GetValue(json)) RunText.WriteJson(host.Output, trials);
            else Write(host.Output, trials);
            return ExitCodes.Success;
        });
        return verb;
    }

    private static TrialPlace Place(PlanLine line, TrialDirectory trial)
    {
        var (status, summary) = (trial.ReadStatus(), trial.ReadSummary());
        var state = summary?.State ?? status?.State ?? TrialState.Pending;
        return new(
            line.Index, line.Name, state, summary?.Steps ?? status?.Step ?? 0, summary?.Epochs ?? status?.Epoch ?? 0,
            summary?.Test?.Accuracy, summary?.ElapsedSeconds, status?.Reason);
    }

    private static void Write(TextWriter output, List<TrialPlace> trials)
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
        output.WriteLine();
        var counts = trials.CountBy(trial => trial.State).OrderBy(pair => pair.Key);
        output.WriteLine(string.Join(", ", counts.Select(pair => $"{pair.Value} {RunText.Name(pair.Key)}")));
    }
}
