namespace FixupNet.Architectures;

/// <summary>Depths of the form 6n + offset, n ≥ 1.</summary>
/// <param name="offset">Layers outside the 3n blocks of two.</param>
internal sealed class DepthRule(int offset)
{
    /// <summary>Layers that one more block in each stage adds.</summary>
    internal const int Step = 6;

    /// <summary>What is wrong with a depth, with the nearest right ones; nothing if it is right.</summary>
    internal IEnumerable<(string Member, string Message)> Validate(int depth)
    {
        if (depth - offset >= Step && (depth - offset) % Step == 0) yield break;
        var below = offset + Math.Max(1, (depth - offset) / Step) * Step;
        var nearest = below > depth ? $"{below}" : $"{below}, {below + Step}";
        yield return ("Depth", $"must be 6n+{offset} (nearest: {nearest})");
    }

    /// <summary>n, the blocks of each of the three stages.</summary>
    internal int BlocksPerStage(int depth) => (depth - offset) / Step;
}
