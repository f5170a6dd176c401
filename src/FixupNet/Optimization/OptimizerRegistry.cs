using FixupNet.Registries;

namespace FixupNet.Optimization;

/// <summary>The registry of optimizers: one line an optimizer.</summary>
public static class OptimizerRegistry
{
    /// <summary>Every optimizer, in listing order.</summary>
    public static Registry<OptimizerEntry> All { get; } = new("optimizer",
        OptimizerEntry.Of<SgdOptions>("sgd", "SGD with momentum and weight decay; scalars at their own rate", (p, o, t) => new Sgd(p, o, t)),
        OptimizerEntry.Of<AdamOptions>("adam", "Adam, weight decay as part of the gradient", (p, o, t) => new Adam(p, o, t)),
        OptimizerEntry.Of<AdamOptions>("adamw", "Adam with weight decay apart from the gradient", (p, o, t) => new Adam(p, o, t, decoupled: true)));
}
