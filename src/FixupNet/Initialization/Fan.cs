namespace FixupNet.Initialization;

/// <summary>How many numbers one output of a layer is made of, and how many outputs one input goes into.</summary>
/// <param name="In">Inputs of one output: in-channels times kernel elements.</param>
/// <param name="Out">Outputs of one input at stride 1: out-channels times kernel elements.</param>
public readonly record struct Fan(long In, long Out)
{
    /// <summary>The fans of a weight.</summary>
    /// <param name="shape">[out,in] or [out,in,k…], every extent at least 1.</param>
    /// <exception cref="ShapeMismatchException">The shape has fewer than two extents, or one of them is 0.</exception>
    public static Fan Of(params IReadOnlyList<long> shape)
    {
        if (shape.Count < 2 || shape.Any(extent => extent < 1))
            throw new ShapeMismatchException("weight", shape, "[out,in] or [out,in,k…], none of them 0");
        var kernel = shape.Skip(2).Aggregate(1L, (product, extent) => product * extent);
        return new Fan(shape[1] * kernel, shape[0] * kernel);
    }
}
