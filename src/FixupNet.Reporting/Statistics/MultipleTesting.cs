namespace FixupNet.Reporting.Statistics;

/// <summary>Corrects p-values for the number of comparisons.</summary>
public static class MultipleTesting
{
    /// <summary>Corrects the p-values of one family.</summary>
    /// <param name="pValues">The p-values; null where a comparison could not be tested, which does not count.</param>
    /// <param name="correction">How.</param>
    /// <returns>The corrected values, in the same order.</returns>
    /// <remarks>Holm, Scandinavian Journal of Statistics 6 (1979); Benjamini and Hochberg, JRSS B 57 (1995).</remarks>
    public static IReadOnlyList<double?> Correct(IReadOnlyList<double?> pValues, Correction correction)
    {
        var corrected = pValues.ToArray();
        List<int> order = [.. Enumerable.Range(0, corrected.Length).Where(i => corrected[i] is not null).OrderBy(i => pValues[i])];
        if (correction == Correction.Holm) CorrectByHolm(corrected, order);
        else if (correction == Correction.Bh) CorrectByBenjaminiHochberg(corrected, order);
        return corrected;
    }

    private static void CorrectByHolm(double?[] values, List<int> order)
    {
        double largest = 0;
        foreach (var (rank, index) in order.Index())
            values[index] = largest = Math.Max(largest, Math.Min(1, (order.Count - rank) * values[index]!.Value));
    }

    private static void CorrectByBenjaminiHochberg(double?[] values, List<int> order)
    {
        double smallest = 1;
        foreach (var (rank, index) in order.Index().Reverse())
            values[index] = smallest = Math.Min(smallest, order.Count * values[index]!.Value / (rank + 1));
    }
}
