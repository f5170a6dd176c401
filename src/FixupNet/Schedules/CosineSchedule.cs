using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Registries;

namespace FixupNet.Schedules;

/// <summary>Options of the "cosine" schedule.</summary>
/// <param name="WarmupEpochs">Epochs of linear warm-up, 0 for none; fewer than the run has.</param>
/// <param name="FinalFactor">The factor at the end of the run, in [0, 1].</param>
/// <param name="WarmupStartFactor">The factor at the start of the warm-up, in [0, 1]; ignored without warm-up.</param>
public sealed record CosineScheduleOptions(
    [property: Description("Epochs of linear warm-up."), Range(0.0, 1e6)] double WarmupEpochs = 0.0,
    [property: Description("Factor at the end of the run."), Range(0.0, 1.0)] double FinalFactor = 0.0,
    [property: Description("Factor at the start of the warm-up."), Range(0.0, 1.0)] double WarmupStartFactor = 0.1) : IWarmupOptions
{
    /// <inheritdoc/>
    public bool NeedsLongerRun => true;
}

/// <summary>Half a cosine from the base learning rate down to a final factor, without restarts.</summary>
/// <remarks>arXiv:1608.03983, eq. 5, one period as long as the run after its warm-up.</remarks>
public sealed class CosineSchedule : ILearningRateSchedule
{
    private readonly CosineScheduleOptions _options;
    private readonly double _totalEpochs;
    private readonly Warmup _warmup;

    /// <summary>Creates the schedule.</summary>
    /// <param name="options">Final factor and warm-up.</param>
    /// <param name="totalEpochs">Epochs of the run, more than the warm-up's.</param>
    /// <exception cref="ArgumentException">The options are out of range, or the warm-up is not shorter than the run.</exception>
    public CosineSchedule(CosineScheduleOptions options, double totalEpochs)
    {
        OptionsGuard.Check(options);
        if (!(options.WarmupEpochs < totalEpochs))
            throw new ArgumentException($"The warm-up lasts {options.WarmupEpochs} epochs; must be less than the run's {totalEpochs}.", nameof(options));
        (_options, _totalEpochs) = (options, totalEpochs);
        _warmup = new Warmup(options.WarmupEpochs, options.WarmupStartFactor);
    }

    /// <inheritdoc/>
    public double FactorAt(double epoch)
    {
        if (epoch < _options.WarmupEpochs) return _warmup.FactorAt(epoch);
        var progress = Math.Min(1.0, (epoch - _options.WarmupEpochs) / (_totalEpochs - _options.WarmupEpochs));
        return _options.FinalFactor + (1.0 - _options.FinalFactor) * 0.5 * (1.0 + Math.Cos(Math.PI * progress));
    }
}
