using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Initialization.Schemes;

/// <summary>The factor of one parameter in GradInit, learned by the published code's Adam: two first moments, of either objective, and one second.</summary>
internal sealed class LearnedFactor
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;
    private const double Epsilon = 1e-8;

    private readonly Parameter _parameter;
    private readonly double _smallest;
    private readonly double _learningRate;
    private readonly double[] _means = new double[2];
    private readonly int[] _updates = new int[2];
    private double _meanSquare;
    private double _factor = 1;

    /// <summary>Begins with 1.</summary>
    /// <param name="parameter">What it multiplies.</param>
    /// <param name="smallest">What it is at least.</param>
    /// <param name="learningRate">Its learning rate.</param>
    internal LearnedFactor(Parameter parameter, double smallest, double learningRate) =>
        (_parameter, _smallest, _learningRate) = (parameter, smallest, learningRate);

    /// <summary>Changes it, and the parameter with it.</summary>
    /// <param name="product">⟨∂/∂θ, θ⟩ of the objective; 0 where the parameter is 0.</param>
    /// <param name="isConstraint">Whether the objective is the gradient's norm.</param>
    internal void Update(double product, bool isConstraint)
    {
        // A factor of 0 cannot come back, as in the published code.
        if (_factor == 0) return;
        var derivative = Math.Clamp(product / _factor, -1, 1);
        var objective = isConstraint ? 1 : 0;
        _updates[objective]++;
        _means[objective] += (1 - FirstDecay) * (derivative - _means[objective]);
        _meanSquare += (1 - SecondDecay) * (derivative * derivative - _meanSquare);
        var mean = _means[objective] / (1 - Math.Pow(FirstDecay, _updates[objective]));
        var meanSquare = _meanSquare / (1 - Math.Pow(SecondDecay, _updates.Sum()));
        var factor = Math.Max(_factor - _learningRate * mean / (Math.Sqrt(meanSquare) + Epsilon), _smallest);
        using var noGradients = no_grad();
        _parameter.mul_(factor / _factor);
        _factor = factor;
    }
}
