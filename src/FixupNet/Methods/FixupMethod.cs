using System.ComponentModel;
using FixupNet.Registries;
using FixupNet.Residual;
using FixupNet.Sequences;

namespace FixupNet.Methods;

/// <summary>Fixup: a scalar bias before every convolution, linear layer and activation, a multiplier at the end of every branch.</summary>
/// <param name="Biases">False leaves the scalar biases out, for ablation.</param>
/// <param name="Multipliers">False leaves the multipliers out, for ablation.</param>
/// <param name="BranchScale">False takes an initialization without the depth-dependent factor, for ablation: zero branch ends alone.</param>
/// <param name="ShortcutBias">
/// True begins every shortcut with x + bias1a, as DeepMind's implementation (in its NFNets code) does; false, as the authors' code, only those that
/// change the shape.
/// </param>
/// <remarks>
/// arXiv:1901.09321, Sec. 3, rule 3, in the published code's form: y = ReLU(scale·conv2(ReLU(conv1(u) + bias1b) + bias2a) + bias2b + s) with
/// u = x + bias1a; the shortcut s is x itself where the shape stays (u with <paramref name="ShortcutBias"/>), and begins with u where it changes.
/// Transformers are those of the published fairseq fork ("transformer_zero"): x ← x + scale·F(x), in F no biases but shifts x − b.
/// </remarks>
public sealed record FixupMethod(
    [property: Description("Scalar biases before every layer and activation.")] bool Biases = true,
    [property: Description("A multiplier at the end of every branch.")] bool Multipliers = true,
    [property: Description("By default an initialization that scales branches down with depth.")] bool BranchScale = true,
    [property: Description("Every shortcut begins with the first bias added, as DeepMind's Fixup does."), AddedLater] bool ShortcutBias = false) : Method
{
    /// <inheritdoc/>
    public override string DefaultInitialization => BranchScale ? "fixup" : "zero-last-layer";

    /// <inheritdoc/>
    public override IReadOnlyCollection<ParameterRole> ScalarRoles => [ParameterRole.ScalarBias, ParameterRole.Multiplier, ParameterRole.ClassifierBias];

    /// <inheritdoc/>
    public override InputKind Inputs => InputKind.Images | InputKind.Sentences;

    /// <inheritdoc/>
    public override string SentenceInitialization => BranchScale ? "transformer-fixup" : "zero-last-layer";

    /// <inheritdoc/>
    public override bool HasLayerBiases => false;

    /// <inheritdoc/>
    public override IEnumerable<Step> Stem(BareLayer layer) => [Convolve(layer), .. Bias("bias1"), new ReluStep()];

    /// <inheritdoc/>
    public override ResidualBranch Branch(BareBranch bare)
    {
        var steps = new List<Step>();
        for (var i = 0; i < bare.Layers.Count; i++)
        {
            if (i > 0) steps.Add(new ReluStep());
            steps.AddRange(Bias($"{bare.Name}.bias{i + 1}a"));
            steps.Add(Convolve(bare.Layers[i], bare.Name));
            if (i == bare.Layers.Count - 1 && Multipliers) steps.Add(Multiply($"{bare.Name}.scale", start: 1));
            steps.AddRange(Bias($"{bare.Name}.bias{i + 1}b"));
        }
        return ResidualBranch.Of(bare.Name, steps, Shortcut(bare), shortcutStart: Biases && (ShortcutBias || !bare.KeepsShape) ? 1 : 0, [new ReluStep()]);
    }

    /// <inheritdoc/>
    public override IEnumerable<Step> Head(string name, int featureCount, int classCount) =>
        [new PoolStep(), .. Bias("bias2"), Classify(name, featureCount, classCount)];

    /// <inheritdoc/>
    public override ResidualBranch Sublayer(BareSublayer bare)
    {
        var steps = new List<Step>();
        foreach (var step in bare.Steps)
        {
            if (Biases && step is not DropStep) steps.Add(Shift($"{(step is GateStep ? $"{bare.Layer.Name}.shift_glu" : bare.Layer.Next("shift"))}.bias", subtracts: true));
            steps.Add(step);
        }
        if (Multipliers) steps.Add(Multiply($"{bare.Layer.Next("scale")}.weight", start: 1));
        return bare.Dressed(steps);
    }

    /// <inheritdoc/>
    public override IEnumerable<Step> StackEnd(NetworkSide side, string name, int width) =>
    [
        .. Biases ? (Step[])[Shift($"{name}.shift0.bias", subtracts: true)] : [],
        .. Multipliers && side == NetworkSide.Encoder ? (Step[])[Multiply($"{name}.scale0.weight", start: 1)] : [],
    ];

    private IEnumerable<Step> Bias(string name) => Biases ? [Shift(name)] : [];
}
