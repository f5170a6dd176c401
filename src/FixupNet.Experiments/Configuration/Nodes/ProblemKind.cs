namespace FixupNet.Experiments.Configuration.Nodes;

/// <summary>What is wrong with a document, the worst first.</summary>
public enum ProblemKind
{
    /// <summary>It cannot be run anywhere.</summary>
    Invalid,

    /// <summary>A file that it names is damaged or does not fit.</summary>
    Mismatching,

    /// <summary>A file that it names is not there.</summary>
    Missing,

    /// <summary>It cannot be run on this machine.</summary>
    Unavailable,

    /// <summary>It can be run, but its author may not know what it does.</summary>
    Warning,
}
