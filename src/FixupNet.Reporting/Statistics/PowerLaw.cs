using MathNet.Numerics.Distributions;

namespace FixupNet.Reporting.Statistics;

/// <summary>A law y = a·x^p, fitted as a straight line through the logarithms by least squares.</summary>
/// <param name="Exponent">p.</param>
/// <param name="Interval">95 % confidence interval of p, from Student's t with n − 2 degrees of freedom; null of two points.</param>
/// <param name="Count">Points that were fitted.</param>
public sealed record PowerLaw(double Exponent, Interval? Interval, int Count)
{
    /// <summary>Fits the law.</summary>
    /// <param name="points">Points with x and y above 0, in any order.</param>
    /// <returns>The law, or null of points that share one x.</returns>
    public static PowerLaw? Fit(IReadOnlyList<(double X, double Y)> points)
    {
        double[] x = [.. points.Select(point => Math.Log(point.X))];
        double[] y = [.. points.Select(point => Math.Log(point.Y))];
        var spread = Sample.SquaredDistances(x);
        if (spread == 0) return null;
        var (meanX, meanY) = (x.Average(), y.Average());
        var exponent = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / spread;
        if (x.Length < 3) return new(exponent, null, x.Length);
        var residual = x.Zip(y, (a, b) => b - meanY - exponent * (a - meanX)).Sum(rest => rest * rest);
        var half = StudentT.InvCDF(0, 1, x.Length - 2, 0.975) * Math.Sqrt(residual / (x.Length - 2) / spread);
        return new(exponent, new(exponent - half, exponent + half), x.Length);
    }
}
