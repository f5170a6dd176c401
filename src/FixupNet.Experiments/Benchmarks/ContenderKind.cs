namespace FixupNet.Experiments.Benchmarks;

/// <summary>What computes the training steps of a benchmark.</summary>
public enum ContenderKind
{
    /// <summary>The machine's own limit: multiply-adds of the network's convolutions in registers, everything else free: what others are a share of.</summary>
    Floor,

    /// <summary>The depth-first engine.</summary>
    Engine,

    /// <summary>libtorch's own forward and backward pass, driven from here.</summary>
    Eager,

    /// <summary>PyTorch, images in the order [N,C,H,W].</summary>
    PytorchNchw,

    /// <summary>PyTorch, images in channels_last order.</summary>
    PytorchChannelsLast,

    /// <summary>On a GPU, a step as one CUDA graph, gradient norms of all layers measured and written at every step.</summary>
    CudaGraph,

    /// <summary>The same without gradient norms.</summary>
    CudaGraphWithoutNorms,

    /// <summary>PyTorch on a GPU, channels_last, bfloat16 autocast, operation by operation.</summary>
    PytorchCuda,

    /// <summary>Compiled by torch.compile, in channels_last order; networks deeper than 110 layers block by block.</summary>
    PytorchCompiled,

    /// <summary>The same compiled with CUDA graphs (mode "reduce-overhead").</summary>
    PytorchCompiledGraphs,

    /// <summary>PyTorch, of networks that see no images.</summary>
    Pytorch,
}
