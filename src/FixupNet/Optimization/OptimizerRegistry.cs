using FixupNet.Registries;

namespace FixupNet.Optimization;

/// <summary>The registry of optimizers: one line an optimizer.</summary>
public static class OptimizerRegistry
{
    /// <summary>Every optimizer, in listing order.</summary>
    public static Registry<OptimizerEntry> All { get; } = new("optimizer",
        OptimizerEntry.Of<SgdOptions>("sgd", "SGD with momentum and weight decay; scalars at their own rate", (p, o, t) => new Sgd(p, o, t)));
}
