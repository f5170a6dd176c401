using FixupNet.Registries;

namespace FixupNet.Methods;

/// <summary>One method of <see cref="MethodZoo.All"/>.</summary>
/// <param name="name">Kebab-case name.</param>
/// <param name="description">One line for listings.</param>
/// <param name="method">The method with its default options.</param>
public sealed class MethodEntry(string name, string description, Method method) : INamedEntry
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Description => description;

    /// <inheritdoc/>
    public Type OptionsType => method.GetType();

    /// <summary>The method with its default options.</summary>
    public Method Method => method;
}
