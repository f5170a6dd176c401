namespace FixupNet.Registries;

/// <summary>One named choice of a <see cref="Registry{TEntry}"/>: what listing, strict binding and the schema need to know of it.</summary>
public interface INamedEntry
{
    /// <summary>The kebab-case name a configuration selects it by.</summary>
    string Name { get; }

    /// <summary>One line for listings.</summary>
    string Description { get; }

    /// <summary>The positional record of its options; every parameter has a default or is required in a configuration.</summary>
    Type OptionsType { get; }
}
