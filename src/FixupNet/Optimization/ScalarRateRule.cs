namespace FixupNet.Optimization;

/// <summary>How the learning rate of the scalars depends on a network's depth.</summary>
public enum ScalarRateRule
{
    /// <summary>Not at all, as published.</summary>
    Fixed,

    /// <summary>Falls with a power of the number of residual branches, from a threshold on.</summary>
    Depth,
}
