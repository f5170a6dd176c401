namespace FixupNet.Reporting.Figures;

/// <summary>The gradient norms of all trials of a sweep, for the chooser of its page.</summary>
/// <param name="Axis">The axis of the sweep.</param>
/// <param name="Series">Its curves.</param>
/// <param name="Runs">The trials with norms.</param>
internal sealed record GradientRuns(SweepAxis Axis, IReadOnlyList<SweepSeries> Series, IReadOnlyList<GradientRun> Runs)
{
    private const int MostCodesOfAll = 2_400_000; // two bytes each, and a third more as text: 6.4 MB
    private const int MostCodes = 32_000;

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidDataException">A file of gradient norms is damaged.</exception>
    public static GradientRuns Read(SweepAxis axis, IReadOnlyList<SweepSeries> allSeries)
    {
        var trials = allSeries.Take(SeriesStyle.Count).SelectMany(series => series.Groups.SelectMany(group => group.Trials.Select(trial => (Series: series, Group: group, Trial: trial))))
            .Where(entry => File.Exists(entry.Trial.Directory.GradientNormsFile)).ToList();
        var mostCodes = Math.Min(MostCodes, MostCodesOfAll / Math.Max(1, trials.Count));
        return new GradientRuns(axis, allSeries,
        [
            .. trials.Select(entry => (entry, Norms: GradientSnapshots.Read(entry.Trial.Directory.GradientNormsFile, mostCodes))).Where(pair => pair.Norms is not null)
                .Select(pair => new GradientRun(pair.entry.Series.Index, axis.Value(pair.entry.Group), pair.entry.Trial.Plan.Seed, pair.Norms!)),
        ]);
    }
}

/// <summary>The gradient norms of a trial.</summary>
/// <param name="Series">Number of its curve.</param>
/// <param name="Place">Its place on the sweep's axis, or null where it has none.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Norms">The norms.</param>
internal sealed record GradientRun(int Series, double? Place, long Seed, GradientSnapshots Norms);
