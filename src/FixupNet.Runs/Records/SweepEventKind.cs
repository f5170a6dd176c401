namespace FixupNet.Runs.Records;

/// <summary>What happened to a trial of a sweep.</summary>
public enum SweepEventKind
{
    /// <summary>The worker took the trial.</summary>
    Claimed,

    /// <summary>The trial's process starts.</summary>
    Running,

    /// <summary>The trial's process has ended.</summary>
    Ended,

    /// <summary>Another worker has taken the trial over; what the process did since counts for nothing.</summary>
    Lost,
}
