using FixupNet.Reporting.Results;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>How far an update moves the network's output, ‖Δf(x)‖/η, over the axis of the sweep: what arXiv:1901.09321, Sec. 3 asks to be
/// the same at every depth. Drawn from the answers to the study "probe", in all also from probes that were saved beside trials as probe.json.</summary>
internal static class UpdateSizeFigure
{
    // A probe tells of every layer: 10,000 take 1 MB.
    private const int MaxBytes = 8 << 20;

    /// <summary>Makes the figure.</summary>
    /// <returns>The figure, or null where no trial has a probe.</returns>
    /// <exception cref="InvalidDataException">A probe is damaged.</exception>
    public static Chart? Of(SweepAxis axis, IReadOnlyList<SweepSeries> allSeries, StudyAnswers? answers)
    {
        var sizes = allSeries.SelectMany(series => series.Groups).SelectMany(group => group.Trials)
            .Select(trial => (trial, Sizes: AnswerOf(trial) ?? RunJson.ReadFileIfExists<ProbeRecord>(trial.Directory.ProbeFile, MaxBytes)?.UpdateSizes))
            .Where(pair => pair.Sizes is { Count: > 0 }).ToDictionary(pair => pair.trial, pair => pair.Sizes!);
        if (sizes.Count == 0) return null;
        var updates = sizes.Values.Max(list => list.Count);
        // A probe ends where a value stops being finite: what it has no number for is not finite.
        double? Value(SweepSeries series, SweepTrial trial) =>
            sizes.TryGetValue(trial, out var list) ? list.Count == updates ? list[^1] : double.NaN : null;
        var size = new ChartAxis($"‖Δf(x)‖/η at update {updates}", AxisScale.Logarithmic);
        return new AxisFigure("update-size", "Size of an update", size, Value).Of(axis, allSeries, group => group.Trials);

        IReadOnlyList<double>? AnswerOf(SweepTrial trial) =>
            answers?.Records.GetValueOrDefault(trial)?.Curves.FirstOrDefault(curve => curve.Name == ProbeRecord.UpdateSizesCurve)?.Ys;
    }

    /// <summary>Makes a figure for each curve of the sweep: the size of the third update by kind of parameter, the others left where they were.</summary>
    /// <returns>The figures; none where no trial has answered, or fewer than two places were planned.</returns>
    public static IReadOnlyList<Chart> ByRole(SweepAxis axis, IReadOnlyList<SweepSeries> allSeries, StudyAnswers? answers) =>
        answers is null ? [] : [.. allSeries.Select(series => ByRole(axis, series, answers)).OfType<Chart>()];

    private static Chart? ByRole(SweepAxis axis, SweepSeries series, StudyAnswers answers)
    {
        const string Begin = ProbeRecord.UpdateSizeByRole;
        string[] roles = [.. series.Groups.SelectMany(answers.Of).SelectMany(answer => answer.Record.Values).Select(value => value.Name)
            .Where(name => name.StartsWith(Begin, StringComparison.Ordinal)).Select(name => name[Begin.Length..]).Distinct()];
        var styles = SeriesStyles.Of(roles);
        double? Value(SweepSeries role, SweepTrial trial) =>
            answers.Records.GetValueOrDefault(trial)?.Values.FirstOrDefault(value => value.Name == Begin + role.Label)?.Value;
        var of = series.Label.Length > 0 ? $", {series.Label}," : "";
        return new AxisFigure(Figure.Slug($"update-size-by-parameters {series.Label}"), $"Size of the third update by kind of parameter{of}", new ChartAxis("‖Δf(x)‖/η at update 3", AxisScale.Logarithmic), Value)
            .Of(axis, [.. roles.Select((role, index) => series with { Label = role, Style = styles[index] })], group => group.Trials);
    }
}
