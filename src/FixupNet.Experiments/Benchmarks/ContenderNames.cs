using FixupNet.Experiments.Configuration;

namespace FixupNet.Experiments.Benchmarks;

/// <summary>What contenders are called.</summary>
public static class ContenderNames
{
    /// <summary>The name of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="precision">How the engine keeps activations.</param>
    public static string Of(ContenderKind kind, Precision precision) => kind switch
    {
        ContenderKind.Floor => "floor (bare convolutions)",
        ContenderKind.Engine => $"engine {(precision == Precision.BFloat16 ? "bfloat16" : "float32")}",
        ContenderKind.Eager => "eager",
        ContenderKind.PytorchNchw => "PyTorch NCHW",
        _ => "PyTorch channels_last",
    };
}
