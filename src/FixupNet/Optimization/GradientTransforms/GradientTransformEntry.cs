using FixupNet.Registries;

namespace FixupNet.Optimization.GradientTransforms;

/// <summary>One gradient transform of <see cref="GradientTransformRegistry.All"/>.</summary>
public sealed class GradientTransformEntry : INamedEntry
{
    private readonly Func<TransformTarget, object, IGradientTransform> _create;

    private GradientTransformEntry(string name, string description, Type optionsType, Func<TransformTarget, object, IGradientTransform> create) =>
        (Name, Description, OptionsType, _create) = (name, description, optionsType, create);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public Type OptionsType { get; }

    /// <summary>Creates an entry.</summary>
    /// <typeparam name="TOptions">The transform's options record.</typeparam>
    /// <param name="name">Kebab-case name.</param>
    /// <param name="description">One line for listings.</param>
    /// <param name="create">Makes the transform.</param>
    public static GradientTransformEntry Of<TOptions>(string name, string description, Func<TransformTarget, TOptions, IGradientTransform> create) =>
        new(name, description, typeof(TOptions), (target, options) => create(target, (TOptions)options));

    /// <summary>Makes the transform.</summary>
    /// <param name="target">What it works on.</param>
    /// <param name="options">An instance of <see cref="OptionsType"/>.</param>
    /// <exception cref="ArgumentException">Options are out of range.</exception>
    public IGradientTransform Create(TransformTarget target, object options)
    {
        OptionsGuard.Check(options);
        return _create(target, options);
    }
}
