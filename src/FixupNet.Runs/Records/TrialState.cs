namespace FixupNet.Runs.Records;

/// <summary>Where a trial stands.</summary>
public enum TrialState
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>A process works on it, or died without a word.</summary>
    Running,

    /// <summary>Left off after a good checkpoint; to be resumed.</summary>
    Interrupted,

    /// <summary>Trained to its end.</summary>
    Completed,

    /// <summary>Ended by a value that is not finite: a result, not an error.</summary>
    Diverged,

    /// <summary>Ended by an error.</summary>
    Failed,

    /// <summary>Ended by a limit: with a summary one of the configuration, for good; without one a limit of the command line, to be continued.</summary>
    Stopped,
}
