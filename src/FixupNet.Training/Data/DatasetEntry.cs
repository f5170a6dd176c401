using FixupNet.Registries;

namespace FixupNet.Training.Data;

/// <summary>One dataset that a configuration can name.</summary>
public sealed class DatasetEntry : INamedEntry
{
    private readonly Func<object, ImageDataset> _load;
    private readonly Func<object, (int Train, int Test)> _countsOf;
    private FileDataset? _dataset;

    private DatasetEntry(
        (string Name, string Description, Type OptionsType, IReadOnlyList<string> ClassNames) about,
        Func<object, ImageDataset> load, Func<object, (int Train, int Test)> countsOf)
    {
        (Name, Description, OptionsType, ClassNames) = about;
        (_load, _countsOf) = (load, countsOf);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public Type OptionsType { get; }

    /// <summary>Name of each class, by index.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>K, the number of classes.</summary>
    public int ClassCount => ClassNames.Count;

    /// <summary>The files it is read from; null for a dataset that is drawn.</summary>
    public DatasetLayout? Layout { get; private init; }

    /// <summary>Loads both splits.</summary>
    /// <param name="options">A record of <see cref="OptionsType"/>.</param>
    /// <exception cref="ArgumentException">The options are of another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of images is out of range.</exception>
    /// <exception cref="DatasetMissingException">A file is not there.</exception>
    /// <exception cref="DatasetCorruptException">A file is not what it has to be.</exception>
    public ImageDataset Load(object options)
    {
        if (!OptionsType.IsInstanceOfType(options))
            throw new ArgumentException($"{Name} takes {OptionsType.Name}, not {options.GetType().Name}.", nameof(options));
        return _load(options);
    }

    /// <summary>How many images each split has.</summary>
    /// <param name="options">A record of <see cref="OptionsType"/>.</param>
    public (int Train, int Test) CountsOf(object options) => _countsOf(options);

    /// <summary>Looks whether the files are there and as long as they have to be, without reading them.</summary>
    /// <param name="options">A record of <see cref="OptionsType"/>.</param>
    /// <exception cref="DatasetMissingException">A file is not there.</exception>
    /// <exception cref="DatasetCorruptException">A file has another length.</exception>
    public void RequireFiles(object options) => _dataset?.RequireFiles((FileDatasetOptions)options);

    /// <summary>Creates an entry of a dataset that is made in memory, or finds its files itself.</summary>
    /// <typeparam name="TOptions">The dataset's options record.</typeparam>
    /// <param name="name">Kebab-case name.</param>
    /// <param name="description">One line for listings.</param>
    /// <param name="classNames">Name of each class, by index.</param>
    /// <param name="load">Makes both splits, always the same ones for equal options.</param>
    /// <param name="countsOf">How many images each split has, known before it is made.</param>
    public static DatasetEntry Of<TOptions>(
        string name, string description, IReadOnlyList<string> classNames, Func<TOptions, ImageDataset> load, Func<TOptions, (int Train, int Test)> countsOf) => new(
        (name, description, typeof(TOptions), classNames), options => load((TOptions)options), options => countsOf((TOptions)options));

    /// <summary>A dataset read from files.</summary>
    internal static DatasetEntry FromFiles(
        string name, string description, DatasetLayout layout, IReadOnlyList<string> classNames, ChannelNormalization normalization)
    {
        var dataset = new FileDataset(name, layout, classNames, normalization);
        return new(
            (name, description, typeof(FileDatasetOptions), classNames),
            options => dataset.Load((FileDatasetOptions)options), options => dataset.CountsOf((FileDatasetOptions)options))
        {
            Layout = layout, _dataset = dataset,
        };
    }
}
