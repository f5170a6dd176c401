using MathNet.Numerics.Distributions;

namespace FixupNet.Reporting.Statistics;

/// <summary>Student's intervals and t tests, which take values for normally distributed.</summary>
public static class TTests
{
    private sealed record Estimate(double Value, double StandardError, double DegreesOfFreedom);

    /// <summary>Student's interval of a mean.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="confidence">Share of samples whose interval holds the true mean, in (0, 1).</param>
    /// <returns>The interval, or null of fewer than two values.</returns>
    public static Interval? MeanInterval(IReadOnlyCollection<double> values, double confidence = 0.95) =>
        IntervalOf(OfMean(values), confidence);

    /// <summary>Whether the mean of differences is 0: the paired t test.</summary>
    /// <param name="differences">A finite difference a pair.</param>
    /// <returns>No p-value of fewer than two differences, or of differences that are all the same.</returns>
    public static TestResult Paired(IReadOnlyCollection<double> differences) => Test(OfMean(differences));

    /// <summary>Whether two groups have the same mean, whatever their variances: Welch's t test.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="baseline">The finite values they are compared with.</param>
    /// <returns>t of values minus baseline; no p-value where a group has fewer than two values, or neither group varies.</returns>
    /// <remarks>Welch, Biometrika 34 (1947); degrees of freedom after Satterthwaite.</remarks>
    public static TestResult Welch(IReadOnlyCollection<double> values, IReadOnlyCollection<double> baseline) =>
        Test(OfDifference(values, baseline));

    /// <summary>Welch's interval of the difference of two means.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="baseline">The finite values they are compared with.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <returns>The interval of values minus baseline, or null where a group has fewer than two values.</returns>
    public static Interval? WelchInterval(
        IReadOnlyCollection<double> values, IReadOnlyCollection<double> baseline, double confidence = 0.95) =>
        IntervalOf(OfDifference(values, baseline), confidence);

    /// <summary>Whether the mean of differences lies within a margin about 0: two one-sided paired t tests.</summary>
    /// <param name="differences">A finite difference a pair.</param>
    /// <param name="margin">Above 0.</param>
    /// <returns>The tests, or null of fewer than two differences, or of differences that are all the same.</returns>
    public static EquivalenceTest? PairedEquivalence(IReadOnlyCollection<double> differences, double margin) => Equivalence(OfMean(differences), margin);

    /// <summary>Whether the difference of two means lies within a margin about 0: two one-sided t tests of Welch's.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="baseline">The finite values they are compared with.</param>
    /// <param name="margin">Above 0.</param>
    /// <returns>The tests, or null where a group has fewer than two values, or neither group varies.</returns>
    public static EquivalenceTest? WelchEquivalence(IReadOnlyCollection<double> values, IReadOnlyCollection<double> baseline, double margin) =>
        Equivalence(OfDifference(values, baseline), margin);

    private static Estimate? OfMean(IReadOnlyCollection<double> values) => Sample.StandardDeviation(values) is { } deviation
        ? new Estimate(values.Average(), deviation / Math.Sqrt(values.Count), values.Count - 1)
        : null;

    private static Estimate? OfDifference(IReadOnlyCollection<double> values, IReadOnlyCollection<double> baseline)
    {
        if (OfMean(values) is not { } one || OfMean(baseline) is not { } other) return null;
        var (square, otherSquare) = (one.StandardError * one.StandardError, other.StandardError * other.StandardError);
        var sum = square + otherSquare;
        // Where neither group varies the formula is 0/0; the interval is a point then, whatever the degrees.
        var degrees = sum == 0
            ? one.DegreesOfFreedom + other.DegreesOfFreedom
            : sum * sum / (square * square / one.DegreesOfFreedom + otherSquare * otherSquare / other.DegreesOfFreedom);
        return new Estimate(one.Value - other.Value, Math.Sqrt(sum), degrees);
    }

    private static TestResult Test(Estimate? estimate)
    {
        if (estimate is null) return new TestResult(null, null, null);
        if (estimate.StandardError == 0) return new TestResult(null, estimate.DegreesOfFreedom, null);
        var t = estimate.Value / estimate.StandardError;
        return new TestResult(t, estimate.DegreesOfFreedom, 2 * StudentT.CDF(0, 1, estimate.DegreesOfFreedom, -Math.Abs(t)));
    }

    private static EquivalenceTest? Equivalence(Estimate? estimate, double margin)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(margin);
        if (estimate is null || estimate.StandardError == 0) return null;
        double Tail(double t) => StudentT.CDF(0, 1, estimate.DegreesOfFreedom, -t);
        var (above, below) = ((margin + estimate.Value) / estimate.StandardError, (margin - estimate.Value) / estimate.StandardError);
        return new EquivalenceTest(margin, estimate.DegreesOfFreedom, Tail(above), Tail(below));
    }

    private static Interval? IntervalOf(Estimate? estimate, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(confidence, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        if (estimate is null) return null;
        var half = StudentT.InvCDF(0, 1, estimate.DegreesOfFreedom, (1 + confidence) / 2) * estimate.StandardError;
        return new Interval(estimate.Value - half, estimate.Value + half);
    }
}
