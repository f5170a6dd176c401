namespace FixupNet.Reporting.Results;

/// <summary>How trials of equal configuration are shown that several sweeps hold.</summary>
public enum JointGrouping
{
    /// <summary>Apart where sweeps trained the same configuration and seed more than once; else together.</summary>
    Auto,

    /// <summary>A group for each sweep: to compare sweeps.</summary>
    Apart,

    /// <summary>One group, each seed once: to put sweeps together.</summary>
    Together,
}
