namespace FixupNet.Experiments.Configuration.Schema;

/// <summary>Where the weights start: in JSON the scheme's name, its options, and weights.</summary>
/// <param name="Scheme">An initialization scheme, its options the scheme itself; null, the default, leaves the choice to the model.</param>
/// <param name="Weights">A .safetensors file to start from, relative to the document; null, the default, for none.</param>
public sealed record InitializationConfig(NamedSection? Scheme = null, string? Weights = null);
