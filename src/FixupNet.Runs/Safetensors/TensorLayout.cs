namespace FixupNet.Runs.Safetensors;

/// <summary>One tensor as a header describes it; offsets count from the end of the header.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="DType">Element type as the format spells it.</param>
/// <param name="Shape">Its dimensions; empty for a scalar.</param>
/// <param name="Begin">Offset of its first byte.</param>
/// <param name="End">Offset behind its last byte.</param>
public sealed record TensorLayout(string Name, string DType, IReadOnlyList<long> Shape, long Begin, long End)
{
    private static readonly Dictionary<string, int> ElementBytes = new()
    {
        ["BOOL"] = 1, ["U8"] = 1, ["I8"] = 1, ["F8_E4M3"] = 1, ["F8_E5M2"] = 1,
        ["U16"] = 2, ["I16"] = 2, ["F16"] = 2, ["BF16"] = 2,
        ["U32"] = 4, ["I32"] = 4, ["F32"] = 4,
        ["U64"] = 8, ["I64"] = 8, ["F64"] = 8,
    };

    /// <summary>The element types there are.</summary>
    internal static IReadOnlyList<string> ElementTypes { get; } = [.. ElementBytes.Keys];

    /// <summary>What keeps the shape and element type from filling exactly so many bytes; null when nothing does.</summary>
    internal static string? Problem(string dtype, IReadOnlyList<long> shape, long byteCount)
    {
        if (!ElementBytes.TryGetValue(dtype, out var size))
            return $"has the unknown dtype \"{dtype}\"; must be one of {string.Join(", ", ElementBytes.Keys)}";
        long due = size;
        foreach (var dimension in shape)
        {
            if (dimension < 0) return $"has the negative dimension {dimension}";
            if (dimension > 0 && due > long.MaxValue / dimension) return $"has the shape [{string.Join(", ", shape)}], which overflows";
            due *= dimension;
        }
        return due == byteCount ? null : $"has {byteCount} bytes where {dtype} [{string.Join(", ", shape)}] takes {due}";
    }
}
