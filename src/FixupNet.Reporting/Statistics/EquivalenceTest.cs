namespace FixupNet.Reporting.Statistics;

/// <summary>Two one-sided tests (TOST) of whether a difference lies within a margin about 0: that two groups are equal but for the margin.</summary>
/// <param name="Margin">Above 0; chosen before the results are known.</param>
/// <param name="DegreesOfFreedom">Of both t tests.</param>
/// <param name="LowerPValue">Of the test that the difference is above −margin.</param>
/// <param name="UpperPValue">Of the test that it is below the margin.</param>
/// <remarks>Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15 (1987). At a level of 5 % it holds exactly where the 90 %
/// interval of the difference lies within the margin.</remarks>
public sealed record EquivalenceTest(double Margin, double DegreesOfFreedom, double LowerPValue, double UpperPValue)
{
    /// <summary>Of both together: the larger one.</summary>
    public double PValue => Math.Max(LowerPValue, UpperPValue);
}
