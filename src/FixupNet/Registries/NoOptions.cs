namespace FixupNet.Registries;

/// <summary>Options of a registry entry that has nothing to choose.</summary>
public sealed record NoOptions;
