using TorchSharp.Modules;

namespace FixupNet.Residual;

/// <summary>One residual branch F of x + F(x): a block of the network.</summary>
/// <param name="Name">The block's state-dict path, such as "layer1.0".</param>
/// <param name="Layers">The branch's weight layers in forward order, at least one; their number is the paper's m.</param>
/// <param name="Shortcut">The weight layer on the shortcut, if there is one.</param>
/// <param name="Multiplier">The scalar that multiplies the branch's output, if there is one.</param>
/// <param name="Biases">The scalar biases in the branch.</param>
/// <param name="Norms">The branch's normalization layers in forward order.</param>
/// <param name="ShortcutNorm">The normalization layer on the shortcut, if there is one.</param>
public sealed record ResidualBranch(
    string Name,
    IReadOnlyList<WeightLayer> Layers,
    WeightLayer? Shortcut = null,
    Parameter? Multiplier = null,
    IReadOnlyList<Parameter>? Biases = null,
    IReadOnlyList<NormLayer>? Norms = null,
    NormLayer? ShortcutNorm = null)
{
    /// <summary>The scalar biases in the branch; empty if there are none.</summary>
    public IReadOnlyList<Parameter> Biases { get; } = Biases ?? [];

    /// <summary>The branch's normalization layers in forward order; empty if there are none.</summary>
    public IReadOnlyList<NormLayer> Norms { get; } = Norms ?? [];

    /// <summary>The branch as steps; none where a module of its own computes it.</summary>
    public IReadOnlyList<Step> Steps { get; init; } = [];

    /// <summary>The shortcut as steps; none where the sum takes its input as it is.</summary>
    public IReadOnlyList<Step> ShortcutSteps { get; init; } = [];

    /// <summary>After how many of the branch's steps the shortcut begins; 0: with the block's input.</summary>
    public int ShortcutStart { get; init; }

    /// <summary>What follows the sum.</summary>
    public IReadOnlyList<Step> AfterSum { get; init; } = [];

    /// <summary>The half of the network that it stands in; null where the network has no halves.</summary>
    public NetworkSide? Side { get; init; }

    /// <summary>The multiplier's first value.</summary>
    public double MultiplierStart { get; init; } = 1;

    /// <summary>Describes a branch by its steps, from which all the rest follows.</summary>
    /// <param name="name">The block's state-dict path.</param>
    /// <param name="steps">The branch.</param>
    /// <param name="shortcut">The shortcut; none: the sum takes its input as it is.</param>
    /// <param name="shortcutStart">After how many of the branch's steps the shortcut begins.</param>
    /// <param name="afterSum">What follows the sum.</param>
    public static ResidualBranch Of(
        string name, IReadOnlyList<Step> steps, IReadOnlyList<Step> shortcut, int shortcutStart, IReadOnlyList<Step> afterSum)
    {
        var multiplier = steps.OfType<MultiplyStep>().LastOrDefault();
        return new ResidualBranch(
            name, [.. steps.SelectMany(step => step.Layers)], shortcut.Select(step => step.Layer).FirstOrDefault(layer => layer is not null),
            multiplier?.Factor, [.. steps.OfType<ShiftStep>().Select(step => step.Bias)], [.. steps.Concat(afterSum).OfType<NormalizeStep>().Select(step => step.Norm)],
            shortcut.OfType<NormalizeStep>().FirstOrDefault()?.Norm)
        {
            Steps = steps, ShortcutSteps = shortcut, ShortcutStart = shortcutStart, AfterSum = afterSum, MultiplierStart = multiplier?.Start ?? 1,
        };
    }

    /// <summary>The same branch with the parameters that took the place of its own.</summary>
    internal ResidualBranch With(Func<Parameter, Parameter> current) => Of(
        Name, [.. Steps.Select(step => step.With(current))], [.. ShortcutSteps.Select(step => step.With(current))], ShortcutStart,
        [.. AfterSum.Select(step => step.With(current))]) with { Side = Side };

    /// <summary>The weight layers of branch and shortcut, the shortcut last.</summary>
    internal IEnumerable<WeightLayer> WeightLayers => Shortcut is null ? Layers : Layers.Append(Shortcut);

    /// <summary>The normalization layers of branch and shortcut, the shortcut last.</summary>
    internal IEnumerable<NormLayer> NormLayers => ShortcutNorm is null ? Norms : Norms.Append(ShortcutNorm);

    /// <summary>The stride of one of the branch's layers; 1 where the branch is not of steps.</summary>
    internal int StrideOf(WeightLayer layer) => Steps.OfType<ConvolveStep>().FirstOrDefault(step => step.Conv == layer)?.Stride ?? 1;

    /// <summary>The scalar biases, then the multiplier.</summary>
    internal IEnumerable<Parameter> Scalars => Multiplier is null ? Biases : Biases.Append(Multiplier);
}
