namespace FixupNet.Runs.Safetensors;

/// <summary>What a .safetensors file holds.</summary>
/// <param name="Entries">The tensors in the order of the header.</param>
/// <param name="Metadata">Free texts by name; empty when the file has none.</param>
public sealed record SafetensorsContent(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata);
