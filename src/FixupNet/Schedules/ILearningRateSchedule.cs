namespace FixupNet.Schedules;

/// <summary>How the learning rate changes over a run.</summary>
public interface ILearningRateSchedule
{
    /// <summary>The factor on the base learning rate at one moment.</summary>
    /// <param name="epoch">Epochs done, with fraction: 0 before the first step, 0.5 after half of the first epoch.</param>
    /// <returns>The factor, 0 or more.</returns>
    double FactorAt(double epoch);
}
