using TorchSharp.Modules;

namespace FixupNet.Residual;

/// <summary>A convolution or linear layer as initialization and diagnostics see it.</summary>
/// <param name="Name">The layer's state-dict path, such as "layer1.0.conv1".</param>
/// <param name="Weight">Weight [out,in] or [out,in,kH,kW].</param>
/// <param name="Bias">Bias [out], if the layer has one.</param>
/// <param name="Gain">Gain [out] of the standardized weight, if the layer standardizes it.</param>
public sealed record WeightLayer(string Name, Parameter Weight, Parameter? Bias = null, Parameter? Gain = null)
{
    /// <summary>What it is, where initializations tell layers apart.</summary>
    public WeightKind Kind { get; init; }

    /// <summary>The weight's state-dict name.</summary>
    public string WeightName { get; init; } = $"{Name}.weight";

    /// <summary>How many layers of a branch's m it stands for.</summary>
    internal int LayerCount => Kind switch { WeightKind.QueryKeyValue => 3, WeightKind.Taps => 0, _ => 1 };

    /// <summary>The parameters under their state-dict names.</summary>
    internal IEnumerable<(string Name, Parameter Parameter)> Parameters
    {
        get
        {
            yield return (WeightName, Weight);
            if (Gain is not null) yield return ($"{Name}.gain", Gain);
            if (Bias is not null) yield return ($"{Name}.bias", Bias);
        }
    }

    internal WeightLayer With(Func<Parameter, Parameter> current) =>
        this with { Weight = current(Weight), Bias = Bias is null ? null : current(Bias), Gain = Gain is null ? null : current(Gain) };
}
