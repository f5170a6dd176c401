namespace FixupNet.Runs.Metrics;

/// <summary>Adds up metrics over steps.</summary>
/// <param name="metrics">The metrics of the task.</param>
public sealed class MetricTotals(IReadOnlyList<Metric> metrics)
{
    private readonly List<MetricTotal> _totals = [];

    /// <summary>The totals so far, in the order in which they were first added.</summary>
    public IReadOnlyList<MetricTotal> All => [.. _totals];

    /// <summary>Whether nothing was added.</summary>
    public bool IsEmpty => _totals.Count == 0;

    /// <summary>Adds the totals of more examples.</summary>
    /// <param name="totals">The totals.</param>
    public void Add(IEnumerable<MetricTotal> totals)
    {
        foreach (var total in totals)
        {
            var place = _totals.FindIndex(known => known.Name == total.Name);
            if (place < 0) _totals.Add(total);
            else _totals[place] = total with { Sum = _totals[place].Sum + total.Sum, Weight = _totals[place].Weight + total.Weight };
        }
    }

    /// <summary>Begins anew.</summary>
    public void Clear() => _totals.Clear();

    /// <summary>The values of all that was added.</summary>
    public MetricValues Values() => new(_totals.Select(total => (total.Name, Value(total))));

    private double Value(MetricTotal total)
    {
        var mean = total.Sum / total.Weight;
        return metrics.FirstOrDefault(metric => metric.Name == total.Name)?.Summed == MetricSumming.ExponentialOfMean ? Math.Exp(mean) : mean;
    }
}
