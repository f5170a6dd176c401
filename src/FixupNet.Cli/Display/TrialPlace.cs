using FixupNet.Cli.Host;
using FixupNet.Experiments.Sweeps;
using FixupNet.Runs;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Display;

/// <summary>Where one trial of a sweep stands, and the build of the program that trained it, where that is not this one.</summary>
internal sealed record TrialPlace(
    int Index, string Name, TrialState State, long Step, double Epoch, MetricValues? Test, double? ElapsedSeconds, string? Reason,
    string? Worker = null, WorkerLife? WorkerLife = null, SourceRecord? OtherBuild = null)
{
    /// <summary>Accuracy at the last test, under the name that programs know; null of other tasks.</summary>
    public double? TestAccuracy => Test?[Metric.Accuracy.Name];

    /// <summary>Whether it will not go on by itself: it has a result, or failed.</summary>
    public bool HasEnded => State is TrialState.Completed or TrialState.Diverged or TrialState.Failed or TrialState.Stopped;

    /// <summary>Reads all trials.</summary>
    public static IReadOnlyList<TrialPlace> ReadAll(SweepDirectory sweep, TrialOwners owners)
    {
        owners.Refresh();
        return [.. sweep.ReadPlan().Select(line => Read(line, sweep.Trial(line), owners))];
    }

    /// <summary>Writes trials as a table, and how many are in which state.</summary>
    public static void Write(CliHost host, IReadOnlyList<TrialPlace> trials)
    {
        WriteTable(host, trials);
        host.Output.WriteLine();
        host.Output.WriteLine(Counts(trials));
    }

    /// <summary>Writes trials as a table.</summary>
    public static void WriteTable(CliHost host, IReadOnlyList<TrialPlace> trials)
    {
        string[] worker = trials.Any(trial => trial.WorkerLife is not null) ? ["worker"] : [];
        List<string> metrics =
        [
            .. trials.SelectMany(trial => trial.Test ?? []).Select(value => value.Name).Where(name => name != Metric.Loss).Distinct().DefaultIfEmpty(Metric.Accuracy.Name),
        ];
        var table = new TextTable([">trial", "name", "state", ">epoch", .. metrics.Select(name => $">{Metric.Words(name)}"), ">time", .. worker, "reason"]) { KeyColumns = 2 };
        foreach (var trial in trials) table.Add([.. trial.Cells(metrics), .. worker.Select(_ => trial.Owner()), trial.Reason ?? ""]);
        table.WriteTo(host.Output, host.OutputWidth);
    }

    /// <summary>How many trials are in which state.</summary>
    public static string Counts(IReadOnlyList<TrialPlace> trials) => string.Join(
        ", ", trials.CountBy(trial => trial.State).OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {RunText.Name(pair.Key)}"));

    /// <summary>The state of one trial; of one whose records are damaged: failed.</summary>
    public static TrialState StateOf(TrialDirectory trial)
    {
        var (status, summary) = ReadRecords(trial);
        return TrialDirectory.StateOf(summary, status);
    }

    private static TrialPlace Read(PlanLine line, TrialDirectory trial, TrialOwners owners)
    {
        var (status, summary) = ReadRecords(trial);
        var state = TrialDirectory.StateOf(summary, status);
        var place = new TrialPlace(
            line.Index, line.Name, state, summary?.Steps ?? status?.Step ?? 0, summary?.Epochs ?? status?.Epoch ?? 0,
            summary?.Test, summary?.ElapsedSeconds, status?.Reason ?? Origin(trial), OtherBuild: OtherBuilds.Of(trial));
        return place.HasEnded || owners.Find(line) is not { } owner ? place : place with { Worker = owner.Worker, WorkerLife = owner.Life };
    }

    // One damaged record must not hide where the others stand.
    private static (TrialStatus? Status, TrialSummary? Summary) ReadRecords(TrialDirectory trial)
    {
        try
        {
            return (trial.ReadStatus(), trial.ReadSummary());
        }
        catch (InvalidDataException error)
        {
            return (new TrialStatus(TrialState.Failed, 0, 0, default, error.Message), null);
        }
    }

    private static string? Origin(TrialDirectory trial)
    {
        try
        {
            return trial.ReadReused() is { } reused ? $"from {reused.Sweep}" : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private string[] Cells(List<string> metrics) =>
    [
        $"{Index}", Name, RunText.Name(State), FormattableString.Invariant($"{Epoch:0.##}"),
        .. metrics.Select(name => Test?[name] is { } value ? FormattableString.Invariant($"{value:F4}") : ""),
        ElapsedSeconds is { } seconds ? RunText.Seconds(seconds) : "",
    ];

    private string Owner() => WorkerLife switch
    {
        null => "",
        Experiments.Sweeps.WorkerLife.Alive => Worker ?? "unknown",
        Experiments.Sweeps.WorkerLife.Dead => $"{Worker ?? "unknown"} (dead)",
        _ => $"{Worker ?? "unknown"} (on another host)",
    };
}
