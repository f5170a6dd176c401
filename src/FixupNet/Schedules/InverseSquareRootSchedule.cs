using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Registries;

namespace FixupNet.Schedules;

/// <summary>Options of the "inverse-sqrt" schedule.</summary>
/// <param name="WarmupEpochs">Epochs of linear warm-up, 0 for none.</param>
/// <param name="WarmupStartFactor">The factor at the start of the warm-up, in [0, 1]; ignored without warm-up.</param>
/// <param name="DecayEpochs">P, above 0; null for the warm-up's epochs, of which there must then be some.</param>
public sealed record InverseSquareRootScheduleOptions(
    [property: Description("Epochs of linear warm-up."), Range(0.0, 1e6)] double WarmupEpochs = 1.0,
    [property: Description("Factor at the start of the warm-up."), Range(0.0, 1.0)] double WarmupStartFactor = 0.0,
    [property: Description("P of sqrt(P/(P + epochs since the warm-up)); null: the warm-up's epochs."), Range(1e-9, 1e6)] double? DecayEpochs = null)
    : IWarmupOptions, IValidatedOptions
{
    /// <inheritdoc/>
    public bool NeedsLongerRun => false;

    /// <inheritdoc/>
    public IEnumerable<(string Member, string Message)> Validate()
    {
        if (DecayEpochs is null && WarmupEpochs == 0) yield return (nameof(DecayEpochs), "must be given where there is no warm-up, whose length it has by default");
    }
}

/// <summary>Falls with the square root of time after a linear warm-up: √(P/(P + t)), t epochs after the warm-up's end.</summary>
/// <remarks>
/// With P equal to the warm-up W it is √(W/epoch), arXiv:1706.03762, Sec. 5.3; without warm-up it is T-Fixup's (Huang et al., ICML 2020).
/// </remarks>
public sealed class InverseSquareRootSchedule : ILearningRateSchedule
{
    private readonly InverseSquareRootScheduleOptions _options;
    private readonly Warmup _warmup;

    /// <summary>Creates the schedule.</summary>
    /// <param name="options">Warm-up and decay.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public InverseSquareRootSchedule(InverseSquareRootScheduleOptions options)
    {
        _options = OptionsGuard.Checked(options);
        _warmup = new Warmup(options.WarmupEpochs, options.WarmupStartFactor);
    }

    /// <inheritdoc/>
    public double FactorAt(double epoch)
    {
        if (epoch < _options.WarmupEpochs) return _warmup.FactorAt(epoch);
        var decay = _options.DecayEpochs ?? _options.WarmupEpochs;
        return Math.Sqrt(decay / (decay + epoch - _options.WarmupEpochs));
    }
}
