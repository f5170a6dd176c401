using FixupNet.Registries;

namespace FixupNet.Training.Data;

/// <summary>One dataset that a configuration can name.</summary>
public sealed class DatasetEntry : INamedEntry
{
    private readonly Func<object, ImageData> _load;
    private readonly Func<object, (int Train, int Test)?> _countsOf;
    private Func<object, IReadOnlyList<string>>? _classNamesOf;
    private Func<object, ImageShape>? _shapeOf;
    private Action<object>? _require;

    private DatasetEntry(string name, string description, Type optionsType, Func<object, ImageData> load, Func<object, (int Train, int Test)?> countsOf)
    {
        (Name, Description, OptionsType) = (name, description, optionsType);
        (_load, _countsOf) = (load, countsOf);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public Type OptionsType { get; }

    /// <summary>Name of each class, by index; null where the files decide.</summary>
    public IReadOnlyList<string>? ClassNames { get; private init; }

    /// <summary>The files it is read from; null for a dataset that is drawn, or whose files are a user's own.</summary>
    public DatasetLayout? Layout { get; private init; }

    /// <summary>Whether it is read from files.</summary>
    public bool NeedsFiles => _require is not null;

    /// <summary>Makes it ready to be trained on.</summary>
    /// <param name="options">A record of <see cref="OptionsType"/>.</param>
    /// <exception cref="ArgumentException">The options are of another type.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number of images is out of range.</exception>
    /// <exception cref="DatasetMissingException">A file is not there.</exception>
    /// <exception cref="DatasetCorruptException">A file is not what it has to be.</exception>
    public ImageData Load(object options)
    {
        if (!OptionsType.IsInstanceOfType(options))
            throw new ArgumentException($"{Name} takes {OptionsType.Name}, not {options.GetType().Name}.", nameof(options));
        return _load(options);
    }

    /// <summary>How many images each split has; null where only the files tell.</summary>
    /// <param name="options">A record of <see cref="OptionsType"/>.</param>
    public (int Train, int Test)? CountsOf(object options) => _countsOf(options);

    /// <summary>K, the number of classes; the files are listed where they decide it.</summary>
    /// <param name="options">A record of <see cref="OptionsType"/>.</param>
    /// <exception cref="DatasetMissingException">The files decide it and are not there.</exception>
    public int ClassCountOf(object options) => (ClassNames ?? _classNamesOf!(options)).Count;

    /// <summary>The images that a network is given.</summary>
    /// <param name="options">A record of <see cref="OptionsType"/>.</param>
    public ImageShape ShapeOf(object options) => _shapeOf?.Invoke(options) ?? ImageShape.Cifar;

    /// <summary>Looks whether the files are there and as long as they have to be, without reading them.</summary>
    /// <param name="options">A record of <see cref="OptionsType"/>.</param>
    /// <exception cref="DatasetMissingException">A file is not there.</exception>
    /// <exception cref="DatasetCorruptException">A file has another length, or folders are not what they have to be.</exception>
    public void RequireFiles(object options) => _require?.Invoke(options);

    /// <summary>Creates an entry of a dataset that is made in memory, or finds its files itself.</summary>
    /// <typeparam name="TOptions">The dataset's options record.</typeparam>
    /// <param name="name">Kebab-case name.</param>
    /// <param name="description">One line for listings.</param>
    /// <param name="classNames">Name of each class, by index.</param>
    /// <param name="load">Makes both splits, always the same ones for equal options.</param>
    /// <param name="countsOf">How many images each split has, known before it is made.</param>
    public static DatasetEntry Of<TOptions>(
        string name, string description, IReadOnlyList<string> classNames, Func<TOptions, ImageDataset> load, Func<TOptions, (int Train, int Test)> countsOf) =>
        new(name, description, typeof(TOptions), options => load((TOptions)options), options => countsOf((TOptions)options)) { ClassNames = classNames };

    /// <summary>A dataset that is whatever a user's folder holds.</summary>
    /// <param name="name">Kebab-case name.</param>
    /// <param name="description">One line for listings.</param>
    /// <param name="load">Lists the files.</param>
    /// <param name="classNamesOf">Names of the classes.</param>
    /// <param name="shapeOf">The images that a network is given.</param>
    /// <param name="require">Looks whether the files are there.</param>
    internal static DatasetEntry OfFolders<TOptions>(
        string name, string description, Func<TOptions, ImageData> load, Func<TOptions, IReadOnlyList<string>> classNamesOf, Func<TOptions, ImageShape> shapeOf, Action<TOptions> require) =>
        new(name, description, typeof(TOptions), options => load((TOptions)options), _ => null)
        {
            _classNamesOf = options => classNamesOf((TOptions)options), _shapeOf = options => shapeOf((TOptions)options), _require = options => require((TOptions)options),
        };

    /// <summary>A dataset read from files.</summary>
    internal static DatasetEntry FromFiles(
        string name, string description, DatasetLayout layout, IReadOnlyList<string> classNames, ChannelNormalization normalization)
    {
        var dataset = new FileDataset(name, layout, classNames, normalization);
        return new(name, description, typeof(FileDatasetOptions), options => dataset.Load((FileDatasetOptions)options), options => dataset.CountsOf((FileDatasetOptions)options))
        {
            ClassNames = classNames, Layout = layout, _require = options => dataset.RequireFiles((FileDatasetOptions)options),
        };
    }
}
