using FixupNet.Cli.Host;
using FixupNet.Training;

namespace FixupNet.Cli.Display;

/// <summary>Progress as lines.</summary>
/// <param name="console">Takes them.</param>
/// <param name="meter">Makes them.</param>
internal sealed class PlainProgress(ConsoleSink console, ProgressMeter meter) : TrainingObserver
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override void OnStep(StepReport report)
    {
        if (meter.Add(report, Interval) is { } text) console.WriteLine(text);
    }

    /// <inheritdoc/>
    public override void OnEvaluated(EvaluationReport report) => console.WriteLine(Text(report));

    /// <summary>An evaluation as a line.</summary>
    public static string Text(EvaluationReport report) =>
        FormattableString.Invariant($"epoch {report.Epoch:0.##}: test {RunText.Values(report.Result.Values, ", test ")}");
}
