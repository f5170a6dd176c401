namespace FixupNet.Reporting.Tables;

/// <summary>A metric at the last test over seeds.</summary>
/// <param name="Mean">Mean, in the metric's own unit.</param>
/// <param name="StandardDeviation">Of the sample, with n - 1; null for one seed.</param>
/// <param name="Count">Seeds that entered, n.</param>
public sealed record MetricStatistics(double Mean, double? StandardDeviation, int Count);
