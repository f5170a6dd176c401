using FixupNet.Randomness;
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

    /// <summary>Xavier (Glorot) normal, σ = gain·sqrt(2/(fan_in+fan_out)); bias 0.</summary>
    /// <param name="layer">The layer to write.</param>
    /// <param name="gain">Multiplies σ, above 0.</param>
    public void Xavier(WeightLayer layer, double gain = 1.0) => Normal(layer, gain * Math.Sqrt(2.0 / (FanOf(layer).In + FanOf(layer).Out)));

    /// <summary>Xavier (Glorot) uniform in ±gain·sqrt(6/(fan_in+fan_out)); bias 0.</summary>
    /// <param name="layer">The layer to write.</param>
    /// <param name="gain">Multiplies the bound, above 0.</param>
    public void XavierUniform(WeightLayer layer, double gain = 1.0)
    {
        var bound = gain * Math.Sqrt(6.0 / (FanOf(layer).In + FanOf(layer).Out));
        Draw(layer.Weight, target => target.uniform_(-bound, bound, generator));
        ZeroBias(layer);
    }

    /// <summary>Normal with σ = factor/sqrt(d), and 0 in the row of the symbol that pads.</summary>
    /// <param name="layer">An embedding [V,d].</param>
    /// <param name="factor">Multiplies σ, above 0.</param>
    public void Embedding(WeightLayer layer, double factor = 1.0)
    {
        Normal(layer, factor / Math.Sqrt(layer.Weight.shape[1]));
        if (layer.Weight.shape[0] <= Symbols.Pad) return;
        using var padding = layer.Weight.select(0, Symbols.Pad);
        padding.fill_(0.0);
    }

    /// <summary>Normal with mean 0; bias 0.</summary>
    /// <param name="layer">The layer to write.</param>
    /// <param name="standardDeviation">σ, at least 0.</param>
    public void Normal(WeightLayer layer, double standardDeviation)
    {
        Draw(layer.Weight, target => target.normal_(0.0, standardDeviation, generator));
        ZeroBias(layer);
    }

    /// <summary>LeCun normal, σ = 1/sqrt(fan_in); bias 0.</summary>
    /// <param name="layer">The layer to write.</param>
    public void LeCun(WeightLayer layer) => Normal(layer, Math.Sqrt(1.0 / FanOf(layer).In));

    /// <summary>Orthonormal rows times a gain, of the weight as a matrix [out, in·kernel]; orthonormal columns where there are more rows than columns. Bias 0.</summary>
    /// <param name="layer">The layer to write.</param>
    /// <param name="gain">Multiplies the weight.</param>
    /// <remarks>Drawn in float64 by a method of the library's own: the same with every tensor library, but for rounding to the weight's dtype.</remarks>
    public void Orthogonal(WeightLayer layer, double gain)
    {
        var (rows, columns) = ((int)layer.Weight.shape[0], (int)FanOf(layer).In);
        using var matrix = Orthonormal(rows, columns, gain);
        Write(layer.Weight, matrix);
        ZeroBias(layer);
    }

    /// <summary>Orthonormal columns times a gain at the centre of the kernel, 0 around it; bias 0.</summary>
    /// <param name="layer">The layer to write, with at least as many outputs as inputs.</param>
    /// <param name="gain">Multiplies the weight.</param>
    /// <exception cref="ArgumentException">The layer has fewer outputs than inputs.</exception>
    public void DeltaOrthogonal(WeightLayer layer, double gain)
    {
        var shape = layer.Weight.shape;
        if (shape[0] < shape[1]) throw new ArgumentException($"{layer.Name} has fewer outputs than inputs.", nameof(layer));
        using var scope = NewDisposeScope();
        var kernel = zeros([shape[0], shape[1], .. shape.Skip(2)], dtype: float64);
        var centre = shape.Skip(2).Aggregate(kernel, (rest, extent) => rest.select(2, extent / 2));
        centre.copy_(Orthonormal((int)shape[0], (int)shape[1], gain));
        Write(layer.Weight, kernel);
        ZeroBias(layer);
    }

    /// <summary>A random stream that gives the same numbers with every tensor library, begun by one draw of the generator.</summary>
    public CounterRandom OwnRandom()
    {
        using var drawn = empty([1], dtype: float64, device: generator.device);
        drawn.uniform_(0.0, 1.0, generator);
        // 53 random bits, which libtorch's uniform numbers are made of.
        return new CounterRandom((ulong)(drawn.item<double>() * (1UL << 53)));
    }

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
        ZeroBias(layer);
    }

    /// <summary>The same value everywhere; draws nothing.</summary>
    /// <param name="parameter">The parameter to write.</param>
    /// <param name="value">The value.</param>
    public void Fill(Parameter parameter, double value) => parameter.fill_(value);

    private Tensor Orthonormal(int rows, int columns, double gain)
    {
        var random = OwnRandom();
        using var scope = NewDisposeScope();
        var vectors = OrthonormalVectors.Draw(Math.Min(rows, columns), Math.Max(rows, columns), ref random);
        var matrix = rows <= columns ? tensor(vectors, [rows, columns]) : tensor(vectors, [columns, rows]).t();
        return (matrix * gain).MoveToOuterDisposeScope();
    }

    private static void Write(Parameter parameter, Tensor values)
    {
        using var shaped = values.reshape(parameter.shape);
        parameter.copy_(shaped);
    }

    private void ZeroBias(WeightLayer layer)
    {
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
