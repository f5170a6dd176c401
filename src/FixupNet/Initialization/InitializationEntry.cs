using FixupNet.Registries;

namespace FixupNet.Initialization;

/// <summary>One initialization scheme of <see cref="InitializationSchemes.All"/>.</summary>
/// <param name="name">Kebab-case name.</param>
/// <param name="description">One line for listings.</param>
/// <param name="scheme">The scheme with its default options.</param>
public sealed class InitializationEntry(string name, string description, IInitializationScheme scheme) : INamedEntry
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Description => description;

    /// <inheritdoc/>
    public Type OptionsType => scheme.GetType();

    /// <summary>The scheme with its default options.</summary>
    public IInitializationScheme Scheme => scheme;
}
