namespace FixupNet.Models.Blocks;

/// <summary>How a block's input reaches its sum where the branch changes its shape.</summary>
public enum ShortcutKind
{
    /// <summary>Option A of arXiv:1512.03385: every stride-th pixel, then zero channels after the real ones; no weight.</summary>
    ZeroPad,

    /// <summary>Option B: a 1×1 convolution with the branch's stride.</summary>
    Projection,
}
