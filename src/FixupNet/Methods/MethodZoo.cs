using FixupNet.Registries;

namespace FixupNet.Methods;

/// <summary>The registry of methods: one line a method.</summary>
public static class MethodZoo
{
    /// <summary>Every method, in listing order.</summary>
    public static Registry<MethodEntry> All { get; } = new("method",
        new MethodEntry("fixup", "Fixup: scalar biases and multipliers, no normalization", new FixupMethod()),
        new MethodEntry("batchnorm", "Batch normalization after every convolution", new BatchNormMethod()),
        new MethodEntry("plain", "Convolutions and ReLUs alone", new PlainMethod()),
        new MethodEntry("skipinit", "SkipInit: convolutions with biases, a learned multiplier on every branch that starts at 0", new SkipInitMethod()),
        new MethodEntry("rezero", "ReZero: plain with a learned multiplier on every branch that starts at 0", new ReZeroMethod()),
        new MethodEntry("stable", "Stable ResNet: plain with a constant factor on every branch", new StableMethod()),
        new MethodEntry("scaled-sum", "Plain with every block's output scaled by 1/sqrt(2)", new ScaledSumMethod()),
        new MethodEntry("normfree", "Norm-free ResNet: standardized weights, gains, and blocks that know their variance", new NormFreeMethod()),
        new MethodEntry("groupnorm", "Group normalization after every convolution", new GroupNormMethod()),
        new MethodEntry("layernorm", "Layer normalization after every convolution", new LayerNormMethod()),
        new MethodEntry("post-layernorm", "Transformers: layer normalization after every sum", new PostLayerNormMethod()),
        new MethodEntry("pre-layernorm", "Transformers: layer normalization before every sub-layer", new PreLayerNormMethod()),
        new MethodEntry("deepnorm", "Transformers: layer normalization after every sum, whose shortcut grows with depth", new DeepNormMethod()),
        new MethodEntry("t-fixup", "T-Fixup: Transformers with nothing but an initialization", new TFixupMethod()));
}
