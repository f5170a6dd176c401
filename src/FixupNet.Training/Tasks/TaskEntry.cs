using FixupNet.Architectures;
using FixupNet.Registries;
using FixupNet.Runs.Records;

namespace FixupNet.Training.Tasks;

/// <summary>One task that a configuration can name, with all that is known of it before its data are read.</summary>
public sealed class TaskEntry : INamedEntry
{
    private readonly Func<object, TaskContext, ITask> _open;
    private readonly Action<object>? _require;

    private TaskEntry(TaskRecord record, string description, Type optionsType, Func<object, TaskContext, ITask> open, Action<object>? require)
    {
        (Record, Description, OptionsType) = (record, description, optionsType);
        (_open, _require) = (open, require);
    }

    /// <summary>What it measures, as records of its runs tell it.</summary>
    public TaskRecord Record { get; }

    /// <inheritdoc/>
    public string Name => Record.Name;

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public Type OptionsType { get; }

    /// <summary>What it has in common with other tasks.</summary>
    public TaskTraits Traits { get; private init; } = new();

    /// <summary>Creates an entry.</summary>
    /// <typeparam name="TOptions">The task's options record.</typeparam>
    /// <param name="record">Its name and what it measures.</param>
    /// <param name="description">One line for listings.</param>
    /// <param name="open">Reads the data and puts them on the device.</param>
    /// <param name="require">
    /// Looks whether the data's files are there, without reading them; throws <see cref="Data.DatasetMissingException"/> or
    /// <see cref="Data.DatasetCorruptException"/>. Null where there are none.
    /// </param>
    /// <param name="traits">What it has in common with other tasks; null for what <see cref="TaskTraits"/> has by default.</param>
    /// <exception cref="ArgumentException">The record names no loss, a name that a metric cannot have, or an unknown metric for choosing the best test.</exception>
    public static TaskEntry Of<TOptions>(
        TaskRecord record, string description, Func<TOptions, TaskContext, ITask> open, Action<TOptions>? require = null, TaskTraits? traits = null)
    {
        if (record.Problem is { } problem) throw new ArgumentException($"The task \"{record.Name}\" {problem}.", nameof(record));
        return new(record, description, typeof(TOptions), (options, context) => open((TOptions)options, context), require is null ? null : options => require((TOptions)options))
        {
            Traits = traits ?? new(),
        };
    }

    /// <summary>Reads the data and puts them on the device.</summary>
    /// <param name="options">A record of <see cref="OptionsType"/>.</param>
    /// <param name="context">What else the task works with.</param>
    /// <exception cref="Data.DatasetMissingException">A file is not there.</exception>
    /// <exception cref="Data.DatasetCorruptException">A file is not what it has to be.</exception>
    public ITask Open(object options, TaskContext context) => _open(options, context);

    /// <summary>Looks whether the data's files are there, without reading them.</summary>
    /// <param name="options">A record of <see cref="OptionsType"/>.</param>
    /// <exception cref="Data.DatasetMissingException">A file is not there.</exception>
    /// <exception cref="Data.DatasetCorruptException">A file is not what it has to be.</exception>
    public void RequireFiles(object options) => _require?.Invoke(options);
}

/// <summary>What tasks may have in common.</summary>
/// <param name="Inputs">What its networks take, in the word that models use for it.</param>
/// <param name="UsesDataset">Whether its data are those of the sections "dataset" and "augmentation", which documents of other tasks must not have.</param>
/// <param name="SmoothsLabels">Whether it knows label smoothing.</param>
/// <param name="HasSamples">Whether it has examples with classes for initializations that compute the network.</param>
public sealed record TaskTraits(string Inputs = ModelEntry.Images, bool UsesDataset = false, bool SmoothsLabels = false, bool HasSamples = false);
