namespace FixupNet.Runs.Records;

/// <summary>What a report reads of probe.json, the output of "fixupnet probe --json", where the study "probe" has no answer.</summary>
/// <param name="UpdateSizes">‖Δf(x)‖/η of the first, second, … update; shorter where a value stopped being finite.</param>
public sealed record ProbeRecord(IReadOnlyList<double> UpdateSizes)
{
    /// <summary>Name of the study that finds the same.</summary>
    public const string Study = "probe";

    /// <summary>Name of its curve of update sizes.</summary>
    public const string UpdateSizesCurve = "size of updates";

    /// <summary>Begin of the names of its sizes of the third update by kind of parameter; the kind follows.</summary>
    public const string UpdateSizeByRole = "size of update 3, by ";
}
