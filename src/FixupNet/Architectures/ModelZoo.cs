using FixupNet.Registries;

namespace FixupNet.Architectures;

/// <summary>The registry of models: one line a model.</summary>
public static class ModelZoo
{
    /// <summary>Every model, in listing order.</summary>
    public static Registry<ModelEntry> All { get; } = new("model",
        ModelEntry.Of<ResNetCifarOptions>(
            "resnet-cifar", "CIFAR ResNet, depth 6n+2", (o, k, i) => new ResNetCifar(o, k, i), o => o.Method, o => o with { Depth = 8 }, DepthRule.Step),
        ModelEntry.Of<WideResNetCifarOptions>(
            "wide-resnet-cifar", "CIFAR wide ResNet, depth 6n+4", (o, k, i) => new WideResNetCifar(o, k, i), o => o.Method, o => o with { Depth = 10 }, DepthRule.Step),
        ModelEntry.Of<ResNetImageNetOptions>(
            "resnet-imagenet", "ImageNet ResNet of 18 to 200 layers", (o, k, i) => new ResNetImageNet(o, k, i), o => o.Method,
            o => o with { Depth = o.IsBottleneck ? ResNetImageNet.LeastBottleneckDepth : 18 }),
        ModelEntry.Of<TransformerOptions>(
            "transformer", "Encoder-decoder Transformer, with self-attention or lightweight or dynamic convolutions", (o, k, i) => Transformer.For(o, k, i), o => o.Method,
            o => o with { Depth = 1, DecoderDepth = 1 }, depthStep: 1, inputs: ModelEntry.Sentences));
}
