namespace FixupNet.Reporting.Figures;

/// <summary>How much room the strips of a chart need, and which lane of them a curve has.</summary>
/// <param name="CurveCount">Curves of the chart, each with a lane in the strips of values.</param>
/// <param name="HasZeros">Whether there are zeros that the axis cannot show.</param>
/// <param name="NonFiniteLabel">What there is that is not finite; empty where there is none.</param>
/// <param name="CrossLanes">Numbers of the curves with trials that diverged, from the top lane on.</param>
internal sealed record ChartStrips(int CurveCount, bool HasZeros, string NonFiniteLabel, IReadOnlyList<int> CrossLanes)
{
    /// <summary>Height of a lane of values.</summary>
    public const double LaneHeight = 7;

    private const double CrossLaneHeight = 15;

    /// <summary>Height of the strip of crosses; 0 without any.</summary>
    public double CrossHeight => CrossLanes.Count == 0 ? 0 : CrossLaneHeight * CrossLanes.Count + 4;

    /// <summary>Height of the strip of zeros; 0 without any.</summary>
    public double ZeroHeight => HasZeros ? CurveCount * LaneHeight + 8 : 0;

    /// <summary>Height of the strip of what is not finite; 0 without any.</summary>
    public double NonFiniteHeight => NonFiniteLabel.Length > 0 ? CurveCount * LaneHeight + 8 : 0;

    /// <summary>The strips of a chart.</summary>
    public static ChartStrips Of(Chart chart, List<List<DecimatedLine>> lines)
    {
        var values = chart.Curves.SelectMany(curve => curve.Lines).SelectMany(line => line.Points).Select(point => point.Y).ToList();
        string?[] parts = [values.Any(double.IsInfinity) ? "∞" : null, values.Any(double.IsNaN) ? "NaN" : null];
        return new ChartStrips(chart.Curves.Count, lines.Any(curve => curve.Any(line => line.Zeros.Count > 0)), string.Join(", ", parts.OfType<string>()),
            [.. chart.Curves.Index().Where(pair => pair.Item.Crosses.Count > 0).Select(pair => pair.Index)]);
    }

    /// <summary>The middle of a curve's lane of crosses, from the top of their strip; null where no trial diverged.</summary>
    public double? CrossMiddle(int curve) =>
        CrossLanes.Index().Where(lane => lane.Item == curve).Select(lane => (double?)(2 + (lane.Index + 0.5) * CrossLaneHeight)).FirstOrDefault();

    /// <summary>Where the lane of a curve begins, from the top of a strip of values.</summary>
    public static double Lane(int curve) => 4 + curve * LaneHeight;
}
