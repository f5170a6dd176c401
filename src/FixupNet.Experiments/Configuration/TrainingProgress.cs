namespace FixupNet.Experiments.Configuration;

/// <summary>How far a training has come.</summary>
public enum TrainingProgress
{
    /// <summary>It is to begin.</summary>
    New,

    /// <summary>It is to continue from a checkpoint.</summary>
    Begun,

    /// <summary>It has ended.</summary>
    Ended,
}
