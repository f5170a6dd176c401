namespace FixupNet.Schedules;

/// <summary>The base learning rate throughout.</summary>
public sealed class ConstantSchedule : ILearningRateSchedule
{
    /// <inheritdoc/>
    public double FactorAt(double epoch) => 1.0;
}
