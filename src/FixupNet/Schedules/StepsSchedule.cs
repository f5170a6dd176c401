using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FixupNet.Registries;

namespace FixupNet.Schedules;

/// <summary>Options of the "steps" schedule.</summary>
/// <param name="MilestonesEpochs">When the rate falls, in epochs, ascending, each above 0; one beyond the run's end never comes.</param>
/// <param name="Factor">What the rate is multiplied by at each milestone, in (0, 1].</param>
/// <param name="WarmupEpochs">Epochs of linear warm-up, 0 for none.</param>
/// <param name="WarmupStartFactor">The factor at the start of the warm-up, in [0, 1]; ignored without warm-up.</param>
public sealed record StepsScheduleOptions(
    [property: Description("When the rate falls, ascending.")] IReadOnlyList<double> MilestonesEpochs,
    [property: Description("What the rate is multiplied by at each milestone."), Range(1e-12, 1.0)] double Factor = 0.1,
    [property: Description("Epochs of linear warm-up."), Range(0.0, 1e6)] double WarmupEpochs = 0.0,
    [property: Description("Factor at the start of the warm-up."), Range(0.0, 1.0)] double WarmupStartFactor = 0.1) : IValidatedOptions, IWarmupOptions
{
    /// <inheritdoc/>
    public bool NeedsLongerRun => false;

    /// <inheritdoc/>
    public IEnumerable<(string Member, string Message)> Validate()
    {
        var previous = 0.0;
        foreach (var milestone in MilestonesEpochs ?? [])
        {
            if (!(milestone > previous) || !double.IsFinite(milestone))
            {
                yield return (nameof(MilestonesEpochs), "must be above 0 and ascending");
                yield break;
            }
            previous = milestone;
        }
    }
}

/// <summary>The rate falls by a factor at each milestone and is constant between them.</summary>
/// <remarks>The published CIFAR recipe: ×0.1 at epochs 100 and 150 of 200.</remarks>
public sealed class StepsSchedule : ILearningRateSchedule
{
    private readonly StepsScheduleOptions _options;
    private readonly Warmup _warmup;

    /// <summary>Creates the schedule.</summary>
    /// <param name="options">Milestones, factor and warm-up.</param>
    /// <exception cref="ArgumentException">The options are out of range.</exception>
    public StepsSchedule(StepsScheduleOptions options)
    {
        OptionsGuard.Check(options);
        ArgumentNullException.ThrowIfNull(options.MilestonesEpochs);
        _options = options;
        _warmup = new Warmup(options.WarmupEpochs, options.WarmupStartFactor);
    }

    /// <inheritdoc/>
    public double FactorAt(double epoch)
    {
        var passed = _options.MilestonesEpochs.Count(milestone => milestone <= epoch);
        return Math.Pow(_options.Factor, passed) * _warmup.FactorAt(epoch);
    }
}
