namespace FixupNet.Runs.Metrics;

/// <summary>A metric summed over examples.</summary>
/// <param name="Name">Name of the metric.</param>
/// <param name="Sum">The sum; of logarithms, where the metric is an exponential.</param>
/// <param name="Weight">What it is summed over: examples, for instance.</param>
public sealed record MetricTotal(string Name, double Sum, double Weight);
