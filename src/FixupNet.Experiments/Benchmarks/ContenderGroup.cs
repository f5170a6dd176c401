namespace FixupNet.Experiments.Benchmarks;

/// <summary>Contenders that are taken or left together.</summary>
public enum ContenderGroup
{
    /// <summary>The depth-first engine in each of its precisions, and on one core.</summary>
    Engine,

    /// <summary>The eager path.</summary>
    Eager,

    /// <summary>PyTorch: on the CPU in both layouts, on a GPU eager and compiled.</summary>
    Pytorch,

    /// <summary>The convolutions alone.</summary>
    Floor,

    /// <summary>On the CPU, PyTorch compiled by torch.compile: that takes minutes a network, so only where it is asked for.</summary>
    Compile,
}
