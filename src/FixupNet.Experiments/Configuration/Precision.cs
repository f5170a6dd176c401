namespace FixupNet.Experiments.Configuration;

/// <summary>The type of weights and activations.</summary>
public enum Precision
{
    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>64-bit floating point.</summary>
    Float64,
}
