namespace FixupNet.Reporting.Tests.Statistics;

/// <summary>Data sets of published worked examples.</summary>
internal static class Published
{
    /// <summary>Hours of sleep won by two drugs, ten patients each: Student, Biometrika 6 (1908); "sleep" in R.</summary>
    public static double[] FirstDrug { get; } = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];

    /// <inheritdoc cref="FirstDrug"/>
    public static double[] SecondDrug { get; } = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    /// <summary>What the second drug gave more than the first, patient by patient.</summary>
    public static double[] DrugDifferences => [.. SecondDrug.Zip(FirstDrug, (second, first) => second - first)];

    /// <summary>Darwin's maize, crossed less self-fertilized, in eighths of an inch: Fisher, The Design of Experiments (1935),
    /// Section 17.</summary>
    public static double[] Maize { get; } = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];

    /// <summary>Hamilton depression scale before and after a tranquilizer: Hollander and Wolfe, Nonparametric Statistical Methods (1973),
    /// p. 27; in the help of R's wilcox.test.</summary>
    public static double[] Depression { get; } =
    [
        1.83 - 0.878, 0.50 - 0.647, 1.62 - 0.598, 2.48 - 2.05, 1.68 - 1.06, 1.88 - 1.29, 1.55 - 1.06, 3.06 - 3.14, 1.30 - 1.29,
    ];

    /// <summary>Survival of treated mice in days: Efron and Tibshirani, An Introduction to the Bootstrap (1993), Table 2.1.</summary>
    public static double[] TreatedMice { get; } = [94, 38, 23, 197, 99, 16, 141];

    /// <summary>Survival of the control group in days, of the same table.</summary>
    public static double[] ControlMice { get; } = [52, 10, 40, 104, 51, 27, 146, 30, 46];
}
