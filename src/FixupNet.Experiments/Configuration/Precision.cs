using System.Runtime.Serialization;

namespace FixupNet.Experiments.Configuration;

/// <summary>The type of weights, activations and their gradients.</summary>
public enum Precision
{
    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>64-bit floating point.</summary>
    Float64,

    /// <summary>bfloat16 activations and their gradients; weights, weight gradients and sums are float32. On a GPU, operations that gain from bfloat16 take it. Not on the eager path.</summary>
    [EnumMember(Value = "bfloat16")]
    BFloat16,
}
