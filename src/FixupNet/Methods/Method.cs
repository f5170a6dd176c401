using FixupNet.Registries;
using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>What keeps a residual network's signal in bounds: dresses the bare layers that an architecture places.</summary>
/// <remarks>A method is a record of its own options. It knows nothing of any architecture.</remarks>
public abstract record Method
{
    /// <summary>The initialization that belongs to it, by its name in the registry.</summary>
    public abstract string DefaultInitialization { get; }

    /// <summary>What networks it has a form for; images by default.</summary>
    public virtual InputKind Inputs => InputKind.Images;

    /// <summary>The initialization that belongs to it in a Transformer, by its name in the registry.</summary>
    public virtual string SentenceInitialization => "transformer";

    /// <summary>Whether a Transformer's linear layers have biases; where they have none, one matrix makes queries, keys and values. True by default.</summary>
    public virtual bool HasLayerBiases => true;

    /// <summary>The roles that learn at the scalar learning rate; none by default.</summary>
    public virtual IReadOnlyCollection<ParameterRole> ScalarRoles => [];

    /// <summary>Whether a batch's images see each other in its networks, known before there is one; false by default.</summary>
    public virtual bool UsesBatchStatistics => false;

    /// <summary>The steps before the first block.</summary>
    /// <param name="layer">The first convolution.</param>
    public abstract IEnumerable<Step> Stem(BareLayer layer);

    /// <summary>A block.</summary>
    /// <param name="bare">Its layers.</param>
    public abstract ResidualBranch Branch(BareBranch bare);

    /// <summary>The steps from the last block's output to the logits.</summary>
    /// <param name="name">The classifier's state-dict path.</param>
    /// <param name="featureCount">Channels of the last block.</param>
    /// <param name="classCount">K.</param>
    public virtual IEnumerable<Step> Head(string name, int featureCount, int classCount) => [new PoolStep(), Classify(name, featureCount, classCount)];

    /// <summary>A sub-layer of a Transformer.</summary>
    /// <param name="bare">Its layers.</param>
    /// <exception cref="NotSupportedException">The method has no form for Transformers.</exception>
    public virtual ResidualBranch Sublayer(BareSublayer bare) => throw NotFor(InputKind.Sentences);

    /// <summary>What ends a side of a Transformer; nothing by default.</summary>
    /// <param name="side">The side.</param>
    /// <param name="name">Its state-dict path.</param>
    /// <param name="width">d.</param>
    public virtual IEnumerable<Step> StackEnd(NetworkSide side, string name, int width) => [];

    /// <summary>A whole network: the geometry of an architecture, dressed.</summary>
    /// <param name="stem">The first convolution.</param>
    /// <param name="afterStem">What follows the stem as it is, such as max pooling.</param>
    /// <param name="branches">The blocks in forward order.</param>
    /// <param name="classifier">The classifier's state-dict path.</param>
    /// <param name="classCount">K, at least 2.</param>
    /// <exception cref="ArgumentException">The options are out of range, or there are fewer than two classes.</exception>
    internal ResidualTopology Dress(BareLayer stem, IEnumerable<Step> afterStem, IReadOnlyList<BareBranch> branches, string classifier, int classCount)
    {
        OptionsGuard.Check(this);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        return ResidualTopology.Of(
            [.. Stem(stem), .. afterStem], [.. branches.Select(Branch)], [.. Head(classifier, branches[^1].OutChannels, classCount)], ScalarRoles);
    }

    /// <summary>A convolution with weight 0 until a scheme initializes it.</summary>
    protected static ConvolveStep Convolve(BareLayer layer, string? inside = null, bool bias = false, bool standardized = false) => new(
        new WeightLayer(
            inside is null ? layer.Name : $"{inside}.{layer.Name}",
            ParameterFactory.Constant(0.0, layer.OutChannels, layer.InChannels, layer.Kernel, layer.Kernel),
            bias ? ParameterFactory.Constant(0.0, layer.OutChannels) : null,
            standardized ? ParameterFactory.Constant(1.0, layer.OutChannels) : null),
        layer.Stride);

    /// <summary>A linear layer with a bias, 0 until a scheme initializes it.</summary>
    protected static LinearStep Classify(string name, int featureCount, int classCount) =>
        new(new WeightLayer(name, ParameterFactory.Constant(0.0, classCount, featureCount), ParameterFactory.Constant(0.0, classCount)));

    /// <summary>A scalar bias, 0 at first.</summary>
    /// <param name="name">State-dict path.</param>
    /// <param name="subtracts">Whether it is subtracted.</param>
    protected static ShiftStep Shift(string name, bool subtracts = false) => new(name, ParameterFactory.Constant(0.0, 1), subtracts);

    /// <summary>A learned multiplier.</summary>
    protected static MultiplyStep Multiply(string name, double start) => new(name, ParameterFactory.Constant(start, 1), start);

    /// <summary>A normalization of each position of a sequence.</summary>
    protected static NormalizeStep NormalizePositions(string name, int width) =>
        new(new NormLayer(name, ParameterFactory.Constant(1.0, width), ParameterFactory.Constant(0.0, width), NormScope.Position));

    /// <summary>The method has no form for such networks.</summary>
    private protected NotSupportedException NotFor(InputKind inputs) =>
        new($"{GetType().Name} has no form for networks that take {inputs.ToString().ToLowerInvariant()}.");

    /// <summary>The shortcut of a block without normalization: sub-sampling and zero channels, or a projection.</summary>
    protected static IReadOnlyList<Step> Shortcut(BareBranch bare, bool bias = false, bool standardized = false)
    {
        if (bare.KeepsShape) return [];
        if (bare.Projects) return [Convolve(Projection(bare, "downsample"), bare.Name, bias, standardized)];
        return [new SubsampleStep(bare.Stride), .. Padding(bare)];
    }

    /// <summary>The 1×1 convolution that gives a shortcut the branch's shape.</summary>
    protected static BareLayer Projection(BareBranch bare, string name) => new(name, bare.InChannels, bare.OutChannels, Kernel: 1, bare.Stride);

    /// <summary>The zero channels that a sub-sampled shortcut lacks.</summary>
    protected static IEnumerable<Step> Padding(BareBranch bare) =>
        bare.OutChannels > bare.InChannels ? [new PadStep(bare.OutChannels - bare.InChannels)] : [];
}
