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
        new InitializationEntry("batchnorm", "The published BatchNorm baseline: He fan-out, last norm of each branch 0", new BatchNormScheme()));
}
