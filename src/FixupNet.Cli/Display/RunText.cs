using System.Globalization;
using System.Text.Json;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Cli.Display;

/// <summary>Results as text.</summary>
internal static class RunText
{
    // Over thirty years: a number out of a damaged file, and more than a TimeSpan may hold.
    private const double MostSeconds = 1e9;

    /// <summary>Writes a result as people read it.</summary>
    public static void Write(TextWriter output, TrialDirectory run, TrialSummary summary)
    {
        var table = new TextTable("", "");
        table.Add("state", summary.State == TrialState.Stopped && !run.IsEnded ? "stopped, to be continued" : State(summary));
        table.Add("directory", run.Root);
        table.Add("trained", FormattableString.Invariant($"{summary.Steps} steps, {summary.Epochs:0.###} epochs, {Seconds(summary.ElapsedSeconds)}"));
        if (summary.Train is { } train) table.Add("train", Values(train));
        if (summary.Test is { } test) table.Add("test", Values(test));
        if (summary.Best is { } best)
            table.Add("best test", FormattableString.Invariant($"{Value(best.Metric, best.Value)} at epoch {best.Epoch:0.###}"));
        if (summary.GradientNorms is { } norms)
            table.Add("gradient norms", $"{norms.FirstLayer} {norms.FirstLayerNorm:G4}, {norms.LastLayer} {norms.LastLayerNorm:G4}");
        if (summary.GradientNorms?.DeadSinceStep is { } dead)
            table.Add("dead", FormattableString.Invariant($"since step {dead}: from there on the gradient of every layer but the last is 0"));
        if (summary.Speed is { } speed) table.Add("speed", FormattableString.Invariant($"{speed:F0} {(summary.ImagesPerSecond is null ? "examples" : "images")}/s"));
        if (summary.WaitedShare is { } waited) table.Add("waited", FormattableString.Invariant($"{100 * waited:F1} % of that time for images to be read"));
        if (summary.PeakMemoryBytes is { } bytes) table.Add("peak memory", Bytes(bytes));
        if (summary.ParameterCount is { } count) table.Add("parameters", count.ToString("N0", CultureInfo.InvariantCulture));
        table.WriteTo(output);
    }

    /// <summary>Writes where a run stands that has not ended.</summary>
    public static void Write(TextWriter output, TrialDirectory run, TrialStatus status)
    {
        var table = new TextTable("", "");
        table.Add("state", $"{Name(status.State)}{(status.Reason is { } reason ? $": {reason}" : "")}");
        table.Add("directory", run.Root);
        table.Add("trained", FormattableString.Invariant($"{status.Step} steps, {status.Epoch:0.###} epochs, as of {status.UpdatedAt:u}"));
        table.WriteTo(output);
    }

    /// <summary>Writes an object as the files of a run spell it.</summary>
    public static void WriteJson<T>(TextWriter output, T value) => output.WriteLine(JsonSerializer.Serialize(value, RunJson.Indented));

    /// <summary>A state as the files of a run spell it.</summary>
    public static string Name(TrialState state) => state.ToString().ToLowerInvariant();

    /// <summary>A duration: seconds up to two minutes, then h:mm:ss.</summary>
    public static string Seconds(double seconds)
    {
        if (seconds < 120) return FormattableString.Invariant($"{seconds:F1} s");
        if (!(seconds < MostSeconds)) return FormattableString.Invariant($"{seconds:G4} s");
        var time = TimeSpan.FromSeconds(seconds);
        return FormattableString.Invariant($"{(long)time.TotalHours}:{time:mm\\:ss} h");
    }

    /// <summary>Bytes in MiB or GiB.</summary>
    public static string Bytes(long bytes) => bytes < 1L << 30
        ? FormattableString.Invariant($"{bytes / (double)(1 << 20):F1} MiB")
        : FormattableString.Invariant($"{bytes / (double)(1 << 30):F1} GiB");

    private static string State(TrialSummary summary) => summary.Divergence is { } divergence
        ? $"{Name(summary.State)} at step {divergence.Step}: {divergence.What}{(divergence.Layer is { } layer ? $" in {layer}" : "")}"
        : Name(summary.State);

    /// <summary>Values of metrics with their names.</summary>
    /// <param name="values">The values.</param>
    /// <param name="between">What stands between two.</param>
    /// <param name="format">Their .NET format.</param>
    public static string Values(IEnumerable<(string Name, double Value)> values, string between = ", ", string format = "F4") =>
        string.Join(between, values.Select(value => Value(value.Name, value.Value, format)));

    /// <summary>A metric beside the loss, as a result is told in short; empty where there is none.</summary>
    /// <param name="values">The values.</param>
    public static string Result(MetricValues? values) => values?.FirstOrDefault(value => value.Name != Metric.Loss) is { Name: not null } result ? Value(result.Name, result.Value) : "";

    private static string Value(string metric, double value, string format = "F4") => $"{Metric.Words(metric)} {value.ToString(format, CultureInfo.InvariantCulture)}";
}
