using FixupNet.Registries;

namespace FixupNet.Schedules;

/// <summary>One learning-rate schedule of <see cref="ScheduleRegistry.All"/>.</summary>
public sealed class ScheduleEntry : INamedEntry
{
    private readonly Func<object, double, ILearningRateSchedule> _create;

    private ScheduleEntry(string name, string description, Type optionsType, Func<object, double, ILearningRateSchedule> create)
    {
        (Name, Description, OptionsType, _create) = (name, description, optionsType, create);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public Type OptionsType { get; }

    /// <summary>Creates an entry.</summary>
    /// <typeparam name="TOptions">The schedule's options record.</typeparam>
    /// <param name="name">Kebab-case name.</param>
    /// <param name="description">One line for listings.</param>
    /// <param name="create">Makes the schedule from options and the run's epochs.</param>
    public static ScheduleEntry Of<TOptions>(string name, string description, Func<TOptions, double, ILearningRateSchedule> create) =>
        new(name, description, typeof(TOptions), (options, totalEpochs) => create((TOptions)options, totalEpochs));

    /// <summary>Makes the schedule.</summary>
    /// <param name="options">An instance of <see cref="OptionsType"/>.</param>
    /// <param name="totalEpochs">Epochs of the run, above 0.</param>
    /// <exception cref="ArgumentException">The options are out of range or do not fit the run.</exception>
    public ILearningRateSchedule Create(object options, double totalEpochs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(totalEpochs);
        return _create(options, totalEpochs);
    }
}
