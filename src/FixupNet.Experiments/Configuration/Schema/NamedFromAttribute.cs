using FixupNet.Registries;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>Says from which registry a named section, or a string that is a name, chooses.</summary>
/// <param name="registry">The registry.</param>
/// <param name="defaultName">The choice of an absent section; null for a plain string, whose default is the parameter's.</param>
/// <param name="allowsNameAlone">Whether the name may stand for the section without options.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NamedFromAttribute(RegistryKind registry, string? defaultName = null, bool allowsNameAlone = false) : Attribute
{
    public RegistryKind Registry { get; } = registry;

    public string? DefaultName { get; } = defaultName;

    public bool AllowsNameAlone { get; } = allowsNameAlone;
}
