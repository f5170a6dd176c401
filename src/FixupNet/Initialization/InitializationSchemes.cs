using FixupNet.Initialization.Schemes;
using FixupNet.Registries;

namespace FixupNet.Initialization;

/// <summary>The registry of initialization schemes: one line a scheme.</summary>
public static class InitializationSchemes
{
    /// <summary>Every scheme, in listing order.</summary>
    public static Registry<InitializationEntry> All { get; } = new("initialization",
        new InitializationEntry("fixup", "Fixup, rules 1 to 3 as published", new FixupScheme()),
        new InitializationEntry("he-fan-out", "He normal by fan-out, classifier at the framework's default", new HeFanOutScheme()),
        new InitializationEntry("he-fan-in", "He normal by fan-in, classifier at the framework's default", new HeFanInScheme()),
        new InitializationEntry("xavier", "Xavier normal, classifier at the framework's default", new XavierScheme()),
        new InitializationEntry("zero-last-layer", "Fixup's rule 1 alone: zero branch ends and classifier", new ZeroLastLayerScheme()),
        new InitializationEntry("branch-scale", "Fixup's rule 2 alone: branches scaled down by depth, nothing zero", new BranchScaleScheme()),
        new InitializationEntry("batchnorm", "The published BatchNorm baseline: He fan-out, last norm of each branch 0", new BatchNormScheme()),
        new InitializationEntry("normfree", "As norm-free networks are published: LeCun normal, classifier normal with deviation 0.01", new NormFreeScheme()),
        new InitializationEntry("orthogonal", "Orthonormal weights times a gain, classifier at the framework's default", new OrthogonalScheme()),
        new InitializationEntry("delta-orthogonal", "Orthonormal centres of kernels and 0 around them, classifier at the framework's default", new DeltaOrthogonalScheme()),
        new InitializationEntry("lsuv", "Orthonormal weights, scaled until each layer's output has deviation 1 on training images", new LsuvScheme()),
        new InitializationEntry("gradinit", "Learned factors: a small loss after the optimizer's first step, on training images", new GradInitScheme()),
        new InitializationEntry("metainit", "Learned norms: a gradient that a step changes little, on random images", new MetaInitScheme()),
        new InitializationEntry("transformer", "As Transformers are published: Xavier uniform, queries, keys and values by 1/sqrt(2)", new TransformerScheme()),
        new InitializationEntry("transformer-fixup", "Fixup as published for Transformers: Xavier uniform times N^(-1/(2m-2)), zero branch ends", new TransformerFixupScheme()),
        new InitializationEntry("t-fixup", "T-Fixup: Transformers whose embeddings, values, outputs and feed-forward layers shrink with depth", new TFixupScheme()),
        new InitializationEntry("deepnorm", "DeepNorm: Transformers whose values, outputs and feed-forward layers shrink with depth", new DeepNormScheme()));
}
