namespace FixupNet.Runs.Records;

/// <summary>First line of activations.jsonl.</summary>
/// <param name="Blocks">Names of the recorded residual blocks in forward order.</param>
public sealed record ActivationsHeader(IReadOnlyList<string> Blocks);
