namespace FixupNet.Models;

/// <summary>One model of <see cref="ModelZoo.All"/>.</summary>
public sealed class ModelEntry : INamedEntry
{
    private readonly Func<object, int, ImageShape, ResidualNetwork> _create;
    private readonly Func<object, ResidualVariant> _variantOf;

    private ModelEntry(
        (string Name, string Description, Type OptionsType) about,
        Func<object, int, ImageShape, ResidualNetwork> create,
        Func<object, ResidualVariant> variantOf)
    {
        (Name, Description, OptionsType) = about;
        (_create, _variantOf) = (create, variantOf);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public Type OptionsType { get; }

    /// <summary>Creates an entry.</summary>
    /// <typeparam name="TOptions">The model's options record.</typeparam>
    /// <param name="name">Kebab-case name.</param>
    /// <param name="description">One line for listings.</param>
    /// <param name="create">Builds the network from options, class count and the shape of its images.</param>
    /// <param name="variantOf">The variant that options choose; it decides the default initialization.</param>
    public static ModelEntry Of<TOptions>(
        string name,
        string description,
        Func<TOptions, int, ImageShape, ResidualNetwork> create,
        Func<TOptions, ResidualVariant> variantOf) =>
        new((name, description, typeof(TOptions)), (options, classCount, images) => create((TOptions)options, classCount, images), options => variantOf((TOptions)options));

    /// <summary>Builds the network: float32, on the CPU, not yet initialized.</summary>
    /// <param name="options">An instance of <see cref="OptionsType"/>.</param>
    /// <param name="classCount">K, classes to tell apart, at least 2.</param>
    /// <param name="images">The images it is made for; null for CIFAR's.</param>
    /// <exception cref="ArgumentException">The options are out of range or in conflict.</exception>
    public ResidualNetwork Create(object options, int classCount, ImageShape? images = null) => _create(options, classCount, images ?? ImageShape.Cifar);

    /// <summary>The variant that options choose.</summary>
    /// <param name="options">An instance of <see cref="OptionsType"/>.</param>
    public ResidualVariant VariantOf(object options) => _variantOf(options);

    /// <summary>The initialization that belongs to the options' variant, by its name in the registry.</summary>
    /// <param name="options">An instance of <see cref="OptionsType"/>.</param>
    public string DefaultInitialization(object options) => VariantOf(options) switch
    {
        ResidualVariant.Fixup => "fixup",
        ResidualVariant.BatchNorm => "batchnorm",
        _ => "he-fan-out",
    };
}
