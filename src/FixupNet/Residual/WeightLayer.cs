using TorchSharp.Modules;

namespace FixupNet.Residual;

/// <summary>A convolution or linear layer as initialization and diagnostics see it.</summary>
/// <param name="Name">The layer's state-dict path, such as "layer1.0.conv1".</param>
/// <param name="Weight">Weight [out,in] or [out,in,kH,kW].</param>
/// <param name="Bias">Bias [out], if the layer has one.</param>
/// <param name="Gain">Gain [out] of the standardized weight, if the layer standardizes it.</param>
public sealed record WeightLayer(string Name, Parameter Weight, Parameter? Bias = null, Parameter? Gain = null)
{
    /// <summary>The parameters under their state-dict names.</summary>
    internal IEnumerable<(string Name, Parameter Parameter)> Parameters
    {
        get
        {
            yield return ($"{Name}.weight", Weight);
            if (Gain is not null) yield return ($"{Name}.gain", Gain);
            if (Bias is not null) yield return ($"{Name}.bias", Bias);
        }
    }

    internal WeightLayer With(Func<Parameter, Parameter> current) =>
        new(Name, current(Weight), Bias is null ? null : current(Bias), Gain is null ? null : current(Gain));
}
