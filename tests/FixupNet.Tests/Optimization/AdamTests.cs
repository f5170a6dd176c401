using FixupNet.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Adam = FixupNet.Optimization.Adam; // TorchSharp.Modules has one too

namespace FixupNet.Tests.Optimization;

/// <summary>Against PyTorch 1.13's optimizers in float64.</summary>
/// <remarks>
/// Weights cos(0.7 i + 0.1), i = 0 … 5, and a scalar 0.5 at a tenth of the rate; at step s the loss is cos(s)·Σ (i + 1) wᵢ² + 3 (s − 1) b and the rate
/// 0.05 (1 − 0.25 s); β = (0.9, 0.99), ε = 1e-6. The numbers are those after step 3.
/// </remarks>
public sealed class AdamTests
{
    [TestCase(false, 0.0, 0.8982675920364434, 0.5997099331900568, -0.03289456577850175, -0.4913420991085368, -0.8742066426596516, -0.7999557280514534, 0.5066621415992487)]
    [TestCase(false, 0.1, 0.8960725968601111, 0.5986098260126838, -0.03288278575261096, -0.4907926967974219, -0.8737532747503184, -0.7995787116280025, 0.5065492389668451)]
    [TestCase(true, 0.0, 0.8982675920364434, 0.5997099331900568, -0.03289456577850175, -0.4913420991085368, -0.8742066426596516, -0.7999557280514534, 0.5066621415992487)]
    [TestCase(true, 0.1, 0.8863397732020329, 0.5914942970123248, -0.03323081459394976, -0.4844729947306421, -0.8625780706651739, -0.7892505497386979, 0.5060327483514808)]
    public void Step_EqualsPyTorch(bool decoupled, double decay, params double[] expected)
    {
        using var scope = NewDisposeScope();
        var (weights, bias) = (Weights(), new Parameter(tensor([0.5])));
        using var optimizer = Create(weights, bias, decoupled, decay);

        for (var step = 0; step < 4; step++) Step(optimizer, weights, bias, step);

        // Powers and roots may differ in the last bit.
        Assert.That(Values(weights, bias), Is.EqualTo(expected).Within(1e-13));
    }

    [Test]
    public void State_RestoresAnOptimizer_BitByBit([Values] bool decoupled)
    {
        using var scope = NewDisposeScope();
        var (weights, bias, otherWeights, otherBias) = (Weights(), new Parameter(tensor([0.5])), Weights(), new Parameter(tensor([0.5])));
        using var optimizer = Create(weights, bias, decoupled, 0.1);
        using var restored = Create(otherWeights, otherBias, decoupled, 0.1);
        Step(optimizer, weights, bias, 0);
        Step(optimizer, weights, bias, 1);

        using (no_grad())
        {
            otherWeights.copy_(weights);
            otherBias.copy_(bias);
            foreach (var (target, source) in restored.State.Zip(optimizer.State)) target.State.copy_(source.State);
        }
        Step(optimizer, weights, bias, 2);
        Step(restored, otherWeights, otherBias, 2);

        Assert.Multiple(() =>
        {
            Assert.That(optimizer.State.Select(item => item.Name), Is.EqualTo(new[] { "mean.weight", "mean.bias", "square.weight", "square.bias", "steps" }));
            Assert.That(Values(otherWeights, otherBias), Is.EqualTo(Values(weights, bias)));
        });
    }

    [Test]
    public void Step_TellsThatAParameterIsNotFinite()
    {
        using var scope = NewDisposeScope();
        var (weights, bias) = (Weights(), new Parameter(tensor([0.5])));
        using var optimizer = Create(weights, bias, decoupled: false, 0);

        optimizer.Gradients.Whole.fill_(double.NaN);

        Assert.That(optimizer.Step(1), Is.False);
    }

    [TestCase("adam", 0.0)]
    [TestCase("adamw", 0.01)]
    public void Registry_HasPyTorchsDecay(string name, double decay)
    {
        using var scope = NewDisposeScope();
        var weights = new Parameter(ones([3], ScalarType.Float64));
        using var optimizer = OptimizerRegistry.All[name].Create([("weight", weights)], new AdamOptions(LearningRate: 1));

        optimizer.Step(1);

        Assert.That(weights.data<double>().ToArray(), Has.All.EqualTo(1 - decay).Within(1e-15));
    }

    private static Parameter Weights() => new(tensor(Enumerable.Range(0, 6).Select(i => Math.Cos(0.7 * i + 0.1)).ToArray()));

    private static Adam Create(Parameter weights, Parameter bias, bool decoupled, double decay) => new(
        [("weight", weights), ("bias", bias)], new AdamOptions(0.05, 0.1, 0.9, 0.99, 1e-6, decay), topology: null, decoupled);

    private static void Step(Adam optimizer, Parameter weights, Parameter bias, int step)
    {
        optimizer.ZeroGradients();
        var factors = tensor([1.0, 2, 3, 4, 5, 6]);
        ((weights.square() * factors).sum() * Math.Cos(step) + bias.sum() * (3.0 * (step - 1))).backward();
        optimizer.Step(1 - 0.25 * step);
    }

    private static double[] Values(Parameter weights, Parameter bias) => [.. weights.data<double>().ToArray(), .. bias.data<double>().ToArray()];
}
