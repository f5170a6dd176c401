namespace FixupNet.Experiments.Sweeps;

/// <summary>What is known of another worker.</summary>
public enum WorkerLife
{
    /// <summary>It may live.</summary>
    Unknown,

    /// <summary>It gave a sign of life.</summary>
    Alive,

    /// <summary>It has died, or was silent for its whole lease.</summary>
    Dead,
}
