namespace FixupNet.Runs.Records;

/// <summary>Which examples a line of metrics is about.</summary>
public enum MetricsSplit
{
    /// <summary>Training examples.</summary>
    Train,

    /// <summary>Test examples.</summary>
    Test,
}
