namespace FixupNet.Reporting.Figures;

/// <summary>Test accuracy against depth, the question of figure 3 of arXiv:1901.09321.</summary>
internal static class AccuracyFigure
{
    private static readonly DepthChart Figure = new(
        "accuracy-against-depth", "Test accuracy against depth", new ChartAxis("test accuracy (%)", AxisScale.Percent),
        trial => trial.Summary?.Test?.Accuracy * 100 is { } accuracy && double.IsFinite(accuracy) ? accuracy : null, ShowsDivergence: true);

    /// <summary>Makes the figure.</summary>
    /// <returns>The figure, or null where fewer than two depths were planned or no trial has a result yet.</returns>
    public static Chart? Of(IReadOnlyList<SweepSeries> allSeries) => Figure.Of(allSeries, group => group.Counting());
}
