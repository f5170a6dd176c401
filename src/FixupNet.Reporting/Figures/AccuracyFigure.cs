namespace FixupNet.Reporting.Figures;

/// <summary>Test accuracy over the axis of the sweep; against depth it is the question of figure 3 of arXiv:1901.09321.</summary>
internal static class AccuracyFigure
{
    private static readonly AxisFigure Figure = new(
        "accuracy", "Test accuracy", new ChartAxis("test accuracy (%)", AxisScale.Percent),
        trial => trial.Summary?.Test?.Accuracy * 100 is { } accuracy && double.IsFinite(accuracy) ? accuracy : null, ShowsDivergence: true);

    /// <summary>Makes the figure.</summary>
    /// <returns>The figure, or null where fewer than two places of the axis were planned or no trial has a result yet.</returns>
    public static Chart? Of(SweepAxis axis, IReadOnlyList<SweepSeries> allSeries) => Figure.Of(axis, allSeries, group => group.Counting());
}
