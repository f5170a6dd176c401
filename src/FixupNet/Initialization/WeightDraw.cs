using FixupNet.Residual;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Initialization;

/// <summary>Writes initial values into layers, drawing from one generator.</summary>
/// <param name="generator">The only source of randomness.</param>
/// <remarks>
/// Numbers are drawn in the parameter's own dtype, so float32 and float64 networks get different numbers from one seed. A parameter on
/// another device than the generator's is drawn on the generator's and copied: a seed gives the same weights on every device.
/// Call it under no_grad.
/// </remarks>
public sealed class WeightDraw(Generator generator)
{
    /// <summary>He normal by fan-out, σ = factor·sqrt(2/fan_out); bias 0.</summary>
    /// <param name="layer">The layer to write.</param>
    /// <param name="factor">Multiplies σ, above 0.</param>
    public void HeFanOut(WeightLayer layer, double factor = 1.0) => Normal(layer, factor * Math.Sqrt(2.0 / FanOf(layer).Out));

    /// <summary>He normal by fan-in, σ = sqrt(2/fan_in); bias 0.</summary>
    /// <param name="layer">The layer to write.</param>
    public void HeFanIn(WeightLayer layer) => Normal(layer, Math.Sqrt(2.0 / FanOf(layer).In));

    /// <summary>Xavier (Glorot) normal, σ = sqrt(2/(fan_in+fan_out)); bias 0.</summary>
    /// <param name="layer">The layer to write.</param>
    public void Xavier(WeightLayer layer) => Normal(layer, Math.Sqrt(2.0 / (FanOf(layer).In + FanOf(layer).Out)));

    /// <summary>PyTorch's default of convolutions and linear layers: weight and bias uniform in ±1/sqrt(fan_in).</summary>
    /// <param name="layer">The layer to write.</param>
    public void FrameworkDefault(WeightLayer layer)
    {
        var bound = 1.0 / Math.Sqrt(FanOf(layer).In);
        Draw(layer.Weight, target => target.uniform_(-bound, bound, generator));
        if (layer.Bias is not null) Draw(layer.Bias, target => target.uniform_(-bound, bound, generator));
    }

    /// <summary>Weight and bias 0.</summary>
    /// <param name="layer">The layer to write.</param>
    public void Zero(WeightLayer layer)
    {
        Fill(layer.Weight, 0.0);
        if (layer.Bias is not null) Fill(layer.Bias, 0.0);
    }

    /// <summary>The same value everywhere; draws nothing.</summary>
    /// <param name="parameter">The parameter to write.</param>
    /// <param name="value">The value.</param>
    public void Fill(Parameter parameter, double value) => parameter.fill_(value);

    private void Normal(WeightLayer layer, double standardDeviation)
    {
        Draw(layer.Weight, target => target.normal_(0.0, standardDeviation, generator));
        if (layer.Bias is not null) Fill(layer.Bias, 0.0);
    }

    private void Draw(Parameter parameter, Action<Tensor> draw)
    {
        if (parameter.device_type == generator.device.type)
        {
            draw(parameter);
            return;
        }
        using var drawn = empty(parameter.shape, dtype: parameter.dtype, device: generator.device);
        draw(drawn);
        parameter.copy_(drawn);
    }

    private static Fan FanOf(WeightLayer layer) => Fan.Of(layer.Weight.shape);
}
