namespace FixupNet.Runs.Records;

/// <summary>First line of gradient-norms.jsonl.</summary>
/// <param name="Layers">Names of the recorded layers in forward order.</param>
public sealed record GradientNormsHeader(IReadOnlyList<string> Layers);
