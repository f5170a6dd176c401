namespace FixupNet.Experiments.Configuration;

/// <summary>What computes gradients.</summary>
public enum TrainingEngine
{
    /// <summary>The fastest engine that supports the model on this machine.</summary>
    Auto,

    /// <summary>The tensor library's automatic differentiation, always.</summary>
    Eager,

    /// <summary>The engine of this project on the CPU, always.</summary>
    DepthFirst,

    /// <summary>On a GPU, a whole step as one CUDA graph, with this project's kernels where they fit; always.</summary>
    CudaGraph,
}
