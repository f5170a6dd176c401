namespace FixupNet.Runs.Records;

/// <summary>What a report reads of probe.json, the output of "fixupnet probe --json".</summary>
/// <param name="UpdateSizes">‖Δf(x)‖/η of the first, second, … update; shorter where a value stopped being finite.</param>
public sealed record ProbeRecord(IReadOnlyList<double> UpdateSizes);
