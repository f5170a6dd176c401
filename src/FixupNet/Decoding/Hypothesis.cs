namespace FixupNet.Decoding;

/// <summary>A translation that was found.</summary>
/// <param name="Symbols">Its symbols, the end's last.</param>
/// <param name="Score">Σ log p, in nats, over its length to the power of the length penalty.</param>
public sealed record Hypothesis(IReadOnlyList<int> Symbols, double Score);
