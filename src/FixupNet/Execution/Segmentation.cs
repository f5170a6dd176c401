namespace FixupNet.Execution;

/// <summary>Cuts a network's chain into the segments that are recomputed one at a time.</summary>
public static class Segmentation
{
    /// <summary>The segments in forward order; their number grows like the square root of the number of stages.</summary>
    /// <param name="stages">Stem, blocks and classifier.</param>
    public static List<NetworkStage[]> Of(IReadOnlyList<NetworkStage> stages) => [.. stages.Chunk(Length(stages.Count))];

    /// <summary>Stages of a segment, at least 1; the last segment may have fewer.</summary>
    /// <param name="stageCount">Stages of the chain.</param>
    /// <remarks>
    /// Stored at once are an input for every segment and four or five tensors for every block of one segment. A network of three stages of
    /// resolution holds most where the first, a third of the depth L, ends: L/(3b) inputs and 4b tensors, least at b = √(L/12).
    /// </remarks>
    public static int Length(int stageCount) => Math.Max(1, (int)Math.Round(Math.Sqrt(stageCount / 12.0)));
}
