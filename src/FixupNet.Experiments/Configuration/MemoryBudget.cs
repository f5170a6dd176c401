using System.Globalization;
using System.Text.RegularExpressions;

namespace FixupNet.Experiments.Configuration;

/// <summary>How much memory a training process may take: a number of bytes, or a share of what is free.</summary>
/// <param name="Bytes">Bytes of the whole process; null for a share.</param>
/// <param name="Share">Share of the free memory that may be taken on top, in (0, 1]; null for bytes.</param>
public sealed partial record MemoryBudget(long? Bytes, double? Share)
{
    /// <summary>How a budget is written: a number and a unit.</summary>
    public const string Pattern = @"[0-9]{1,15}(\.[0-9]{1,3})?(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB|%)";

    /// <summary>What <see cref="Pattern"/> means, for messages.</summary>
    public const string Meaning = "must be a number with a unit, such as \"4GB\", \"1500MB\", \"1.5GiB\" or \"80%\" (of the free memory)";

    /// <summary>The budget where none is given.</summary>
    public const string Default = "80%";

    /// <summary>Reads a budget.</summary>
    /// <param name="text">A number and a unit; kB, MB, GB and TB are powers of 1000, KiB, MiB, GiB and TiB of 1024.</param>
    /// <exception cref="FormatException">The text is something else, 0, or above 100 %.</exception>
    public static MemoryBudget Parse(string text)
    {
        if (!Whole().IsMatch(text)) throw new FormatException(Meaning);
        var unit = text.TrimStart("0123456789.".ToCharArray());
        var number = double.Parse(text.AsSpan(0, text.Length - unit.Length), CultureInfo.InvariantCulture);
        if (number == 0) throw new FormatException("must be above 0");
        if (unit == "%") return number <= 100 ? new MemoryBudget(null, number / 100) : throw new FormatException("must be at most 100%");
        var bytes = number * Math.Pow(unit.Contains('i') ? 1024 : 1000, "BKMGT".IndexOf(char.ToUpperInvariant(unit[0])));
        return bytes is >= 1 and < long.MaxValue ? new MemoryBudget((long)bytes, null) : throw new FormatException("must be at least 1B and below 2^63 bytes");
    }

    [GeneratedRegex($@"\A{Pattern}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();
}
