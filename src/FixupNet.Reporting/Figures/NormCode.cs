namespace FixupNet.Reporting.Figures;

/// <summary>A norm in 16 bits: its power of ten in hundredths, or what it is instead of a number above 0. A map of a million norms stays
/// small that way, and no eye sees a hundredth of a power of ten in a colour.</summary>
internal static class NormCode
{
    /// <summary>No norm.</summary>
    public const ushort None = 0;

    /// <summary>Exactly 0.</summary>
    public const ushort Zero = 1;

    /// <summary>Infinite.</summary>
    public const ushort Infinite = 65534;

    /// <summary>Not a number.</summary>
    public const ushort NaN = 65535;

    private const double Lowest = -324; // the power of ten of the least double
    private const int First = 2;

    /// <summary>Code of a norm.</summary>
    public static ushort Of(double norm) => norm switch
    {
        double.NaN => NaN,
        0 => Zero,
        > 0 and < double.PositiveInfinity => (ushort)Math.Round(100 * (Math.Log10(norm) - Lowest) + First),
        _ => Infinite,
    };

    /// <summary>Whether a code stands for a number above 0.</summary>
    public static bool IsNumber(ushort code) => code is >= First and < Infinite;

    /// <summary>Power of ten of a number's code.</summary>
    public static double Exponent(ushort code) => (code - First) / 100.0 + Lowest;

    /// <summary>The one that a cell shared by two norms shows: what is not finite, else the larger.</summary>
    public static ushort Larger(ushort left, ushort right) => Math.Max(left, right);
}
