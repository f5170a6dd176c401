using TorchSharp.Modules;

namespace FixupNet.Residual;

/// <summary>What a residual network tells initialization and diagnostics about itself: its parameters, and the part each one plays.</summary>
/// <remarks>
/// A network of your own is described in a few lines:
/// <code>
/// var topology = ResidualTopology.Describe(net, d => d
///     .Stem(net.stem)
///     .Branches(net.blocks, (branch, block) => branch.Layers(block.conv1, block.conv2).Biases(block.bias1, block.bias2).Multiplier(block.scale))
///     .Head(net.head));
/// FixupScheme.Apply(topology, seed: 1);
/// </code>
/// It holds the parameter objects of one moment: moving a module to another device or dtype replaces them, so describe it again after that.
/// </remarks>
public sealed class ResidualTopology
{
    private readonly List<Parameter> _parameters = [];
    private readonly Dictionary<object, ParameterRole> _roles = new(ReferenceEqualityComparer.Instance);

    /// <summary>Describes a network.</summary>
    /// <param name="stem">Weight layers before the first branch, in forward order.</param>
    /// <param name="branches">Residual branches in forward order; their number is the paper's L.</param>
    /// <param name="classifier">The last linear layer.</param>
    /// <param name="scalars">Scalar biases outside the branches.</param>
    /// <param name="norms">Normalization layers outside the branches, in forward order.</param>
    /// <exception cref="ArgumentException">A branch has no weight layer, or a parameter has two places.</exception>
    public ResidualTopology(
        IReadOnlyList<WeightLayer> stem,
        IReadOnlyList<ResidualBranch> branches,
        WeightLayer classifier,
        IReadOnlyList<Parameter>? scalars = null,
        IReadOnlyList<NormLayer>? norms = null)
        : this(stem, branches, classifier, scalars ?? [], norms ?? [], [], mayShare: false)
    {
    }

    // Of steps a parameter may have several places, such as a tied embedding: its role is that of the first.
    private ResidualTopology(
        IReadOnlyList<WeightLayer> stem, IReadOnlyList<ResidualBranch> branches, WeightLayer classifier, IReadOnlyList<Parameter> scalars,
        IReadOnlyList<NormLayer> norms, IReadOnlyList<MultiplyStep> multipliers, bool mayShare)
    {
        (Stem, Branches, Classifier, Scalars, Norms, Multipliers) = (stem, branches, classifier, scalars, norms, multipliers);
        WeightLayers =
        [
            .. stem.Concat(branches.SelectMany(branch => branch.WeightLayers)).Append(classifier)
                .DistinctBy(layer => (object)layer.Weight, ReferenceEqualityComparer.Instance),
        ];
        foreach (var (parameter, role) in AllParameters())
        {
            if (_roles.TryAdd(parameter, role)) _parameters.Add(parameter);
            else if (!mayShare) throw new ArgumentException($"A parameter, a {role}, has more than one place in the topology.");
        }
        if (!mayShare && WeightLayers.Count < stem.Count + branches.Sum(branch => branch.WeightLayers.Count()) + 1)
            throw new ArgumentException($"A parameter, a {ParameterRole.Weight}, has more than one place in the topology.");
        foreach (var branch in branches)
            if (branch.Layers.Count == 0) throw new ArgumentException($"The branch \"{branch.Name}\" has no weight layer.", nameof(branches));
    }

    /// <summary>Describes a module of your own: its layers are named by the names that it knows, and none may be left out.</summary>
    /// <param name="network">The module; on the device and of the dtype that it is to have.</param>
    /// <param name="describe">Says where its layers stand.</param>
    /// <returns>The description.</returns>
    /// <exception cref="ArgumentException">Something described is no part of the module, has two places, or a parameter of the module has none.</exception>
    public static ResidualTopology Describe(TorchSharp.torch.nn.Module network, Action<TopologyDescription> describe)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(describe);
        var description = new TopologyDescription(new ModuleNames(network));
        describe(description);
        return description.Build();
    }

    /// <summary>Describes a network by its steps, from which all the rest follows.</summary>
    /// <param name="stem">Before the first branch.</param>
    /// <param name="branches">Residual branches in forward order, each of steps.</param>
    /// <param name="head">After the last branch; ends with the classifier.</param>
    /// <param name="scalarRoles">The roles that learn at the scalar learning rate.</param>
    /// <param name="middle">Between the branches of the two sides of a network that has sides; else none.</param>
    public static ResidualTopology Of(
        IReadOnlyList<Step> stem, IReadOnlyList<ResidualBranch> branches, IReadOnlyList<Step> head, IReadOnlyCollection<ParameterRole> scalarRoles,
        IReadOnlyList<Step>? middle = null)
    {
        Step[] outside = [.. stem, .. middle ?? [], .. head];
        return new(
            [.. stem.Concat(middle ?? []).SelectMany(step => step.Layers)], branches, head.OfType<LinearStep>().Last().Linear,
            [.. outside.OfType<ShiftStep>().Select(step => step.Bias)], [.. outside.OfType<NormalizeStep>().Select(step => step.Norm)],
            [.. outside.OfType<MultiplyStep>()], mayShare: true)
        {
            StemSteps = stem, MiddleSteps = middle ?? [], HeadSteps = head, ScalarRoles = scalarRoles,
        };
    }

    /// <summary>The stem as steps; none where a module of its own computes it.</summary>
    public IReadOnlyList<Step> StemSteps { get; private init; } = [];

    /// <summary>What stands between the branches of a network's two sides, as steps; none where there are no sides.</summary>
    public IReadOnlyList<Step> MiddleSteps { get; private init; } = [];

    /// <summary>What follows the last branch, as steps; none where a module of its own computes it.</summary>
    public IReadOnlyList<Step> HeadSteps { get; private init; } = [];

    /// <summary>Every step in the order in which its parameters are registered.</summary>
    internal IEnumerable<Step> Steps => StemSteps.Concat(MiddleSteps).Concat(Branches.SelectMany(branch => branch.Steps.Concat(branch.ShortcutSteps).Concat(branch.AfterSum))).Concat(HeadSteps);

    /// <summary>The same description with the parameters that took the place of its own.</summary>
    internal ResidualTopology With(Func<Parameter, Parameter> current) => Of(
        [.. StemSteps.Select(step => step.With(current))], [.. Branches.Select(branch => branch.With(current))],
        [.. HeadSteps.Select(step => step.With(current))], ScalarRoles, [.. MiddleSteps.Select(step => step.With(current))]);

    /// <summary>Weight layers before the first branch, in forward order.</summary>
    public IReadOnlyList<WeightLayer> Stem { get; }

    /// <summary>Residual branches in forward order.</summary>
    public IReadOnlyList<ResidualBranch> Branches { get; }

    /// <summary>The last linear layer.</summary>
    public WeightLayer Classifier { get; }

    /// <summary>Scalar biases outside the branches.</summary>
    public IReadOnlyList<Parameter> Scalars { get; }

    /// <summary>Normalization layers outside the branches, in forward order.</summary>
    public IReadOnlyList<NormLayer> Norms { get; }

    /// <summary>Multipliers outside the branches.</summary>
    public IReadOnlyList<MultiplyStep> Multipliers { get; }

    /// <summary>Layers of the two sides; 0 where there are no sides.</summary>
    public StackDepths Depths => new(Branches.Count(branch => branch.Side == NetworkSide.Encoder) / 2, Branches.Count(branch => branch.Side == NetworkSide.Decoder) / 3);

    /// <summary>Whether the classifier's weight is the embedding's too.</summary>
    public bool ClassifierIsTied => Stem.Any(layer => ReferenceEquals(layer.Weight, Classifier.Weight));

    /// <summary>The paper's L.</summary>
    public int BranchCount => Branches.Count;

    /// <summary>Every weight layer in forward order: stem, each branch's layers and then its shortcut, classifier; a shared one once.</summary>
    public IReadOnlyList<WeightLayer> WeightLayers { get; }

    /// <summary>Every parameter once: the weight layers' in forward order, then scalars, then normalization layers'.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The roles that learn at the scalar learning rate: by default those whose published names hold "bias" or "scale".</summary>
    /// <remarks>
    /// arXiv:1901.09321's published training chooses by such names, of its network and of the BatchNorm baseline: scalar biases and multipliers,
    /// the shifts of normalization layers and the classifier's bias. Biases of other layers, which those networks have not, learn at the full rate.
    /// </remarks>
    public IReadOnlyCollection<ParameterRole> ScalarRoles { get; init; } =
        [ParameterRole.ScalarBias, ParameterRole.Multiplier, ParameterRole.Shift, ParameterRole.ClassifierBias];

    /// <summary>Whether an image's result depends on the other images of its batch.</summary>
    public bool UsesBatchStatistics => NormLayers.Any(norm => norm.Scope == NormScope.Batch);

    /// <summary>Every normalization layer: those outside the branches, then each branch's and its shortcut's.</summary>
    public IEnumerable<NormLayer> NormLayers => Norms.Concat(Branches.SelectMany(branch => branch.NormLayers));

    /// <summary>What a parameter does.</summary>
    /// <param name="parameter">Any parameter.</param>
    /// <returns>Its role; null if it has no place in the topology.</returns>
    public ParameterRole? RoleOf(Parameter parameter) => _roles.TryGetValue(parameter, out var role) ? role : null;

    private IEnumerable<(Parameter Parameter, ParameterRole Role)> AllParameters()
    {
        foreach (var layer in WeightLayers)
        {
            yield return (layer.Weight, layer.Kind == WeightKind.Embedding ? ParameterRole.Embedding : ParameterRole.Weight);
            if (layer.Gain is not null) yield return (layer.Gain, ParameterRole.Gain);
            if (layer.Bias is not null) yield return (layer.Bias, layer == Classifier ? ParameterRole.ClassifierBias : ParameterRole.Bias);
        }
        foreach (var scalar in Scalars) yield return (scalar, ParameterRole.ScalarBias);
        foreach (var branch in Branches)
        {
            foreach (var bias in branch.Biases) yield return (bias, ParameterRole.ScalarBias);
            if (branch.Multiplier is not null) yield return (branch.Multiplier, ParameterRole.Multiplier);
        }
        foreach (var multiplier in Multipliers) yield return (multiplier.Factor, ParameterRole.Multiplier);
        foreach (var norm in NormLayers)
        {
            yield return (norm.Weight, ParameterRole.Gain);
            yield return (norm.Bias, ParameterRole.Shift);
        }
    }
}
