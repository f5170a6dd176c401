using FixupNet.Registries;

namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>A choice by name together with the options of that choice.</summary>
/// <param name="Name">The name of a registry's entry.</param>
/// <param name="Options">A record of that entry's <see cref="INamedEntry.OptionsType"/>, complete and valid.</param>
public sealed record NamedSection(string Name, object Options);
