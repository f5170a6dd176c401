namespace FixupNet.Residual;

/// <summary>What a weight layer is, where initializations tell layers apart.</summary>
public enum WeightKind
{
    /// <summary>A convolution or linear layer as any other.</summary>
    Layer,

    /// <summary>Makes the queries of attention.</summary>
    Query,

    /// <summary>Makes the keys of attention.</summary>
    Key,

    /// <summary>Makes the values of attention.</summary>
    Value,

    /// <summary>Makes queries, keys and values with one matrix [3d,d]: three layers of a branch's m.</summary>
    QueryKeyValue,

    /// <summary>Ends attention.</summary>
    AttentionOutput,

    /// <summary>
    /// Makes the taps of a lightweight or dynamic convolution. They go through a softmax, whose output has the same size whatever the weight's: no layer
    /// of a branch's m.
    /// </summary>
    Taps,

    /// <summary>A row for every symbol of a vocabulary.</summary>
    Embedding,
}
