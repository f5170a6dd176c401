using MathNet.Numerics.Distributions;

namespace FixupNet.Analysis;

/// <summary>An interval for the probability behind a count of successes.</summary>
public static class BinomialInterval
{
    /// <summary>Clopper and Pearson's interval, which holds the probability at least as often as it says (Biometrika 26, 1934).</summary>
    /// <param name="successes">Successes, from 0.</param>
    /// <param name="trials">Trials, at least 1 and as many as successes.</param>
    /// <param name="confidence">How often, in (0, 1).</param>
    public static (double Low, double High) ClopperPearson(long successes, long trials, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        var tail = (1 - confidence) / 2;
        return (successes == 0 ? 0 : Beta.InvCDF(successes, trials - successes + 1, tail), successes == trials ? 1 : Beta.InvCDF(successes + 1, trials - successes, 1 - tail));
    }
}
