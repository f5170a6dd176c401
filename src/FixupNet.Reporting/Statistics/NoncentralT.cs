using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;
using MathNet.Numerics.RootFinding;

namespace FixupNet.Reporting.Statistics;

/// <summary>The noncentral t distribution, of which intervals of effect sizes are made.</summary>
internal static class NoncentralT
{
    private const int QuadraturePoints = 128;

    /// <summary>Chance of a value of at most t.</summary>
    /// <param name="t">The value.</param>
    /// <param name="degreesOfFreedom">At least 1.</param>
    /// <param name="noncentrality">δ.</param>
    /// <remarks>T = (Z + δ) / S with Z normal and S = √(χ²/ν): the mean of Φ(tS − δ) over the density of S.</remarks>
    public static double Cdf(double t, double degreesOfFreedom, double noncentrality)
    {
        var half = degreesOfFreedom / 2;
        var logFactor = Math.Log(2) + half * Math.Log(half) - SpecialFunctions.GammaLn(half);
        double Integrand(double s) =>
            Normal.CDF(0, 1, t * s - noncentrality) * Math.Exp(logFactor + (degreesOfFreedom - 1) * Math.Log(s) - half * s * s);

        // S has a deviation of about 1/√(2ν): beyond ten of them its density is below 1e-20.
        var reach = 10 / Math.Sqrt(degreesOfFreedom);
        var (low, high) = (Math.Max(1e-300, 1 - reach), 1 + reach);
        // Of a large t, Φ is a step, which must not fall between the points of the rule.
        var step = t == 0 ? low : Math.Clamp(noncentrality / t, low, high);
        var width = Math.Min(reach, 10 / Math.Max(1, Math.Abs(t)));
        double[] cuts = [low, Math.Clamp(step - width, low, high), step, Math.Clamp(step + width, low, high), high];
        return cuts.Zip(cuts.Skip(1)).Where(part => part.Second > part.First)
            .Sum(part => GaussLegendreRule.Integrate(Integrand, part.First, part.Second, QuadraturePoints));
    }

    /// <summary>The δ with which a value of at most t has a chance.</summary>
    public static double Noncentrality(double t, double degreesOfFreedom, double chance)
    {
        double Excess(double delta) => Cdf(t, degreesOfFreedom, delta) - chance;
        var reach = 4.0;
        while (Excess(t - reach) < 0) reach *= 2; // the chance falls as δ grows
        var low = t - reach;
        reach = 4;
        while (Excess(t + reach) > 0) reach *= 2;
        return Brent.FindRoot(Excess, low, t + reach, accuracy: 1e-9, maxIterations: 200);
    }
}
