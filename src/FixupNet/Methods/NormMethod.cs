using FixupNet.Residual;

namespace FixupNet.Methods;

/// <summary>A normalization after every convolution, on the shortcut too: y = ReLU(norm(conv(… ReLU(norm(conv(x))))) + s).</summary>
/// <remarks>arXiv:1512.03385, Sec. 4.2, in the form of the baseline published with Fixup. A zero-padding shortcut is normalized before it is padded.</remarks>
public abstract record NormMethod : Method
{
    /// <inheritdoc/>
    public override string DefaultInitialization => "batchnorm";

    /// <summary>What the layers' names begin with: "bn" gives bn1, bn2.</summary>
    private protected abstract string Prefix { get; }

    /// <inheritdoc/>
    public override IEnumerable<Step> Stem(BareLayer layer) => [Convolve(layer), Normalize($"{Prefix}1", layer.OutChannels), new ReluStep()];

    /// <inheritdoc/>
    public override ResidualBranch Branch(BareBranch bare)
    {
        var steps = new List<Step>();
        for (var i = 0; i < bare.Layers.Count; i++)
        {
            if (i > 0) steps.Add(new ReluStep());
            steps.Add(Convolve(bare.Layers[i], bare.Name));
            steps.Add(Normalize($"{bare.Name}.{Prefix}{i + 1}", bare.Layers[i].OutChannels));
        }
        return ResidualBranch.Of(bare.Name, steps, NormalizedShortcut(bare), shortcutStart: 0, [new ReluStep()]);
    }

    /// <summary>The normalization of so many channels.</summary>
    private protected abstract NormalizeStep Normalize(string name, int channels);

    /// <summary>A normalization of each image alone.</summary>
    private protected static NormalizeStep OfImage(string name, int channels, int groupCount, NormScope scope) =>
        new(new NormLayer(name, ParameterFactory.Constant(1.0, channels), ParameterFactory.Constant(0.0, channels), scope), groupCount);

    private IReadOnlyList<Step> NormalizedShortcut(BareBranch bare)
    {
        if (bare.KeepsShape) return [];
        Step first = bare.Projects ? Convolve(Projection(bare, "downsample.0"), bare.Name) : new SubsampleStep(bare.Stride);
        var channels = bare.Projects ? bare.OutChannels : bare.InChannels;
        return [first, Normalize($"{bare.Name}.downsample.1", channels), .. bare.Projects ? [] : Padding(bare)];
    }
}
