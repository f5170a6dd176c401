using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Registries;

namespace FixupNet.Schedules;

/// <summary>Options of the "constant" schedule.</summary>
/// <param name="WarmupEpochs">Epochs of linear warm-up, 0 for none.</param>
/// <param name="WarmupStartFactor">The factor at the start of the warm-up, in [0, 1]; ignored without warm-up.</param>
public sealed record ConstantScheduleOptions(
    [property: Description("Epochs of linear warm-up."), Range(0.0, 1e6), AddedLater] double WarmupEpochs = 0.0,
    [property: Description("Factor at the start of the warm-up."), Range(0.0, 1.0), AddedLater] double WarmupStartFactor = 0.1) : IWarmupOptions
{
    /// <inheritdoc/>
    public bool NeedsLongerRun => false;
}

/// <summary>The base learning rate throughout, after a warm-up if there is one.</summary>
public sealed class ConstantSchedule : ILearningRateSchedule
{
    private readonly Warmup _warmup;

    /// <summary>Creates the schedule.</summary>
    /// <param name="options">The warm-up; null for none.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public ConstantSchedule(ConstantScheduleOptions? options = null)
    {
        options ??= new ConstantScheduleOptions();
        OptionsGuard.Check(options);
        _warmup = new Warmup(options.WarmupEpochs, options.WarmupStartFactor);
    }

    /// <inheritdoc/>
    public double FactorAt(double epoch) => _warmup.FactorAt(epoch);
}
