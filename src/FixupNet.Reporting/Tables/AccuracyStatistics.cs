namespace FixupNet.Reporting.Tables;

/// <summary>Test accuracy over seeds.</summary>
/// <param name="Mean">Mean, in [0, 1].</param>
/// <param name="StandardDeviation">Of the sample, with n - 1; null for one seed.</param>
/// <param name="Count">Seeds that entered, n.</param>
public sealed record AccuracyStatistics(double Mean, double? StandardDeviation, int Count);
