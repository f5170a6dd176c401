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
        ContenderKind.Floor => "the machine's limit",
        ContenderKind.Engine => $"engine {(precision == Precision.BFloat16 ? "bfloat16" : "float32")}",
        ContenderKind.Eager => "eager",
        ContenderKind.Pytorch => "PyTorch",
        ContenderKind.PytorchNchw => "PyTorch NCHW",
        ContenderKind.PytorchChannelsLast => "PyTorch channels_last",
        ContenderKind.CudaGraph => $"CUDA graph {(precision == Precision.BFloat16 ? "bfloat16" : "float32")}",
        ContenderKind.CudaGraphWithoutNorms => "CUDA graph bfloat16, no norms",
        ContenderKind.PytorchCuda => "PyTorch eager bfloat16",
        ContenderKind.PytorchCompiled => precision == Precision.BFloat16 ? "torch.compile bfloat16" : "torch.compile",
        _ => "torch.compile reduce-overhead",
    };
}
