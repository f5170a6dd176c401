using FixupNet.Models.Blocks;
using FixupNet.Models.Layers;
using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using Convolution = FixupNet.Models.Layers.Convolution;

namespace FixupNet.Models.Architectures;

/// <summary>The common form of the CIFAR networks: 3×3 stem, three stages of basic blocks, global average pooling, linear classifier.</summary>
/// <remarks>State-dict names are the published ones: conv1, bias1 or bn1, layer1 … layer3, bias2, fc.</remarks>
public abstract class CifarResidualNetwork : ResidualNetwork
{
    // Not private: components are found among the fields that the derived type sees.
    private protected readonly Convolution conv1;
    private protected readonly Parameter? bias1;
    private protected readonly BatchNorm2d? bn1;
    private protected readonly ModuleList<ResidualBlock> layer1;
    private protected readonly ModuleList<ResidualBlock> layer2;
    private protected readonly ModuleList<ResidualBlock> layer3;
    private protected readonly Parameter? bias2;
    private protected readonly Classifier fc;

    private protected CifarResidualNetwork(string name, CifarLayout layout, int classCount, ImageShape? images) : base(name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        InputShape = images ?? ImageShape.Cifar;
        conv1 = new Convolution(InputShape.Channels, layout.StemChannels, kernelSize: 3);
        if (layout.Variant == ResidualVariant.BatchNorm) bn1 = BatchNorm2d(layout.StemChannels);
        if (layout.Variant == ResidualVariant.Fixup) (bias1, bias2) = (ParameterFactory.Constant(0.0, 1), ParameterFactory.Constant(0.0, 1));
        layer1 = Stage(layout, 0);
        layer2 = Stage(layout, 1);
        layer3 = Stage(layout, 2);
        fc = new Classifier(layout.FeatureCount, classCount);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override ImageShape InputShape { get; }

    /// <inheritdoc/>
    public override ResidualTopology Topology => new(
        stem: [conv1.Describe("conv1")],
        branches: [.. Blocks.Select(item => item.Block.Describe(item.Name))],
        classifier: fc.Describe("fc"),
        scalars: bias1 is null || bias2 is null ? [] : [bias1, bias2],
        norms: bn1 is null ? [] : [bn1.Describe("bn1")]);

    /// <inheritdoc/>
    public override IReadOnlyList<NetworkStage> Stages =>
    [
        new("stem", Stem, KeptOutputs: bn1 is null ? 1 : 2),
        .. Blocks.Select(item => new NetworkStage(item.Name, item.Block.call, item.Block.KeptOutputs)),
        new("classifier", Head, KeptOutputs: 1),
    ];

    private Tensor Stem(Tensor images)
    {
        ShapeGuard.Images(images, InputShape.Channels);
        using var scope = NewDisposeScope();
        var activations = conv1.call(ChannelsLast.Of(images));
        if (bn1 is not null) activations = bn1.call(activations);
        if (bias1 is not null) activations.add_(bias1);
        return activations.relu_().MoveToOuterDisposeScope();
    }

    private Tensor Head(Tensor activations)
    {
        using var scope = NewDisposeScope();
        var features = activations.mean([2L, 3L]);
        if (bias2 is not null) features += bias2;
        return fc.call(features).MoveToOuterDisposeScope();
    }

    /// <summary>The blocks in forward order, with their state-dict paths.</summary>
    public IEnumerable<(string Name, ResidualBlock Block)> Blocks
    {
        get
        {
            ModuleList<ResidualBlock>[] stages = [layer1, layer2, layer3];
            for (var stage = 0; stage < stages.Length; stage++)
                for (var i = 0; i < stages[stage].Count; i++)
                    yield return ($"layer{stage + 1}.{i}", stages[stage][i]);
        }
    }

    private static ModuleList<ResidualBlock> Stage(CifarLayout layout, int stage) =>
        new([.. layout.Stage(stage).Select(shape => ResidualBlock.Create(layout.Variant, shape))]);
}
