using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>A layer of a Transformer: what its sub-layers have in common.</summary>
/// <param name="name">State-dict path, such as "encoder.layers.0".</param>
/// <param name="side">The side it stands on.</param>
/// <param name="depths">Layers of both sides.</param>
public sealed class SequenceLayer(string name, NetworkSide side, StackDepths depths)
{
    private readonly Dictionary<string, int> _numbers = [];
    private MultiplyStep? _multiplier;

    /// <summary>State-dict path.</summary>
    public string Name => name;

    /// <summary>The side it stands on.</summary>
    public NetworkSide Side => side;

    /// <summary>Layers of both sides.</summary>
    public StackDepths Depths => depths;

    /// <summary>The next of the layer's names of a kind: shift0, shift1 …</summary>
    /// <param name="kind">What is numbered, such as "shift".</param>
    internal string Next(string kind)
    {
        var number = _numbers.GetValueOrDefault(kind);
        _numbers[kind] = number + 1;
        return $"{name}.{kind}{number}";
    }

    /// <summary>The multiplier that all sub-layers share.</summary>
    /// <param name="create">Makes it.</param>
    internal MultiplyStep Shared(Func<MultiplyStep> create) => _multiplier ??= create();
}

/// <summary>A sub-layer of a Transformer as an architecture places it: layers, activations and dropout without anything that a method adds.</summary>
/// <param name="Name">The branch's name.</param>
/// <param name="Layer">The layer that it belongs to.</param>
/// <param name="NormName">The state-dict path that its normalization has, where there is one.</param>
/// <param name="Steps">What it computes.</param>
/// <param name="Width">d, channels that come in and go out.</param>
/// <param name="Index">Its place in the network, from 0.</param>
/// <param name="Count">L, the network's sub-layers.</param>
public sealed record BareSublayer(string Name, SequenceLayer Layer, string NormName, IReadOnlyList<Step> Steps, int Width, int Index, int Count)
{
    /// <summary>The branch with what a method adds.</summary>
    /// <param name="steps">The branch.</param>
    /// <param name="shortcut">The shortcut; none: the sum takes its input as it is.</param>
    /// <param name="afterSum">What follows the sum.</param>
    internal ResidualBranch Dressed(IReadOnlyList<Step> steps, IReadOnlyList<Step>? shortcut = null, IReadOnlyList<Step>? afterSum = null) =>
        ResidualBranch.Of(Name, steps, shortcut ?? [], shortcutStart: 0, afterSum ?? []) with { Side = Layer.Side };
}
