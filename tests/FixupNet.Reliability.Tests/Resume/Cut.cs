namespace FixupNet.Reliability.Tests.Resume;

/// <summary>Where a training is interrupted. It has three steps an epoch, and an evaluation after each.</summary>
internal enum Cut
{
    /// <summary>Before its first step.</summary>
    Beginning,

    /// <summary>After the first step of the first epoch.</summary>
    FirstBatch,

    /// <summary>After the first step of the second epoch.</summary>
    FirstBatchOfEpoch,

    /// <summary>In the middle of the second epoch.</summary>
    MidEpoch,

    /// <summary>After an epoch's last step, before its evaluation.</summary>
    LastBatch,

    /// <summary>In the middle of an evaluation.</summary>
    Evaluation,

    /// <summary>After an epoch's evaluation.</summary>
    EpochEnd,

    /// <summary>After the very last step, before the last evaluation.</summary>
    LastStep,

    /// <summary>After each step, over and over.</summary>
    EveryStep,
}
