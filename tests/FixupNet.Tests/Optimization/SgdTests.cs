using FixupNet.Architectures;
using FixupNet.Optimization;
using FixupNet.Randomness;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests.Optimization;

public class SgdTests
{
    // w = 1, g = 0.5: v = 0.5 + 0.1·1 = 0.6, w = 1 − 0.1·0.6 = 0.94; then v = 0.9·0.6 + 0.5 + 0.094 = 1.134, w = 0.8266.
    [Test]
    public void Step_FollowsTheFormula()
    {
        var weight = Ones(3);
        using var optimizer = new Sgd([("weight", weight)], new SgdOptions(0.1, 1.0, 0.9, 0.1));

        var first = StepAlong(optimizer, weight, 0.5);
        var second = StepAlong(optimizer, weight, 0.5);

        Assert.Multiple(() =>
        {
            Assert.That(first, Is.EqualTo(0.94).Within(1e-15)); // double rounding
            Assert.That(second, Is.EqualTo(0.8266).Within(1e-15));
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Step_Throws_WhenTheModuleWasConvertedSince(bool andBack)
    {
        using var layer = nn.Linear(2, 3);
        using var optimizer = new Sgd(layer.named_parameters(), new SgdOptions());

        layer.to(float64);
        if (andBack) layer.to(float32);

        Assert.Multiple(() =>
        {
            Assert.That(optimizer.zero_grad, Throws.InvalidOperationException.With.Message.Contains("call to(…) first, then make the optimizer"));
            Assert.That(() => optimizer.step(), Throws.InvalidOperationException.With.Message.Contains("moved or converted"));
        });
    }

    [Test]
    public void Step_GoesOn_WhenTheModuleIsMovedToWhereItIs()
    {
        using var layer = nn.Linear(2, 3);
        using var optimizer = new Sgd(layer.named_parameters(), new SgdOptions());

        layer.to(CPU);

        Assert.That(optimizer.zero_grad, Throws.Nothing);
    }

    // A schedule's factor is left out as PyTorch's users do.
    [Test]
    public void Step_IsThatOfPyTorchsNames()
    {
        var weight = Ones(3);
        using var optimizer = new Sgd([("weight", weight)], new SgdOptions(0.1, 1.0, 0.0, 0.0));

        optimizer.zero_grad();
        weight.sum().backward();
        optimizer.step();

        Assert.That(weight.data<double>().ToArray(), Has.All.EqualTo(0.9).Within(1e-15)); // double rounding
    }

    // The same with Nesterov: d = 0.6 + 0.9·0.6 = 1.14, w = 0.886; v = 0.54 + 0.5886 = 1.1286, d = 0.5886 + 1.01574, w = 0.725566.
    [Test]
    public void Step_LooksAhead_WhenNesterov()
    {
        var weight = Ones(3);
        using var optimizer = new Sgd([("weight", weight)], new SgdOptions(0.1, 1.0, 0.9, 0.1, Nesterov: true));

        var first = StepAlong(optimizer, weight, 0.5);
        var second = StepAlong(optimizer, weight, 0.5);

        Assert.Multiple(() =>
        {
            Assert.That(first, Is.EqualTo(0.886).Within(1e-15)); // double rounding
            Assert.That(second, Is.EqualTo(0.725566).Within(1e-15));
        });
    }

    [Test]
    public void Step_MultipliesBothGroupsByTheSchedule()
    {
        var (weight, bias) = (Ones(3), Ones(1));
        using var optimizer = new Sgd([("weight", weight), ("bias", bias)], new SgdOptions(0.1, 0.1, 0.0, 0.0));

        optimizer.Gradients.Whole.fill_(1.0);
        optimizer.Step(0.5);

        Assert.Multiple(() =>
        {
            Assert.That(weight.data<double>().ToArray(), Has.All.EqualTo(0.95).Within(1e-15));
            Assert.That(bias.data<double>().ToArray(), Has.All.EqualTo(0.995).Within(1e-15));
        });
    }

    [Test]
    public void Step_MovesEveryGroupAtItsOwnRate()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(Depth: 8, Width: 1));
        using var optimizer = new Sgd(
            network.named_parameters(), new SgdOptions(1, 0.5, 0, 0, ScalarBiasLearningRateFactor: 0.25, MultiplierLearningRateFactor: 0.125), network.Topology);
        var before = network.named_parameters().ToDictionary(item => item.name, item => item.parameter.sum().ToDouble());

        optimizer.Gradients.Whole.fill_(1);
        optimizer.Step(1);

        double Moved(string name) => before[name] - network.named_parameters().First(item => item.name == name).parameter.sum().ToDouble();
        Assert.That(
            new[] { Moved("fc.weight") / 40, Moved("fc.bias") / 10, Moved("bias1"), Moved("layer1.0.bias1a"), Moved("layer3.0.scale") },
            Is.EqualTo(new[] { 1, 0.5, 0.25, 0.25, 0.125 }).Within(1e-6)); // float32 rounding
    }

    // The fused pass and the tensor operations round alike but for fused multiply-add.
    [TestCase(ScalarType.Float32, false, 1e-6)]
    [TestCase(ScalarType.Float32, true, 1e-6)]
    [TestCase(ScalarType.Float64, false, 1e-15)]
    [TestCase(ScalarType.Float64, true, 1e-15)]
    public void Step_IsTheSame_FusedOrWithTensorOperations(ScalarType dtype, bool nesterov, double tolerance)
    {
        using var scope = NewDisposeScope();
        var options = new SgdOptions(0.1, 0.1, 0.9, 1e-2, nesterov);

        var fused = FiveSteps(dtype, options, fused: true);
        var withTensors = FiveSteps(dtype, options, fused: false);

        Assert.That(fused, Is.EqualTo(withTensors).Within(tolerance));
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(64)]
    [TestCase(1001)]
    public void Fused_ReachesEveryElement(int length)
    {
        var (weights, gradients, velocities) = (new float[length], new float[length], new float[length]);
        Array.Fill(gradients, 1f);

        SgdKernels.Fused<float>(weights, gradients, velocities, new SgdStep(1.0, 0.5, 0.0, Nesterov: false));

        Assert.Multiple(() =>
        {
            Assert.That(weights, Has.All.EqualTo(-1f));
            Assert.That(velocities, Has.All.EqualTo(1f));
        });
    }

    [Test]
    public void Constructor_KeepsTheParametersValues()
    {
        using var scope = NewDisposeScope();
        var (weight, bias) = (new Parameter(arange(0, 70, ScalarType.Float32).view(7, 10)), new Parameter(ones([1])));

        using var optimizer = new Sgd([("bias", bias), ("weight", weight)], new SgdOptions());

        Assert.Multiple(() =>
        {
            Assert.That(weight.data<float>().ToArray(), Is.EqualTo(Enumerable.Range(0, 70)));
            Assert.That(weight.shape, Is.EqualTo(new[] { 7L, 10L }));
            Assert.That(bias.data<float>().ToArray(), Has.All.EqualTo(1f));
            Assert.That(weight.requires_grad && weight.is_leaf, Is.True);
        });
    }

    [Test]
    public void Parameters_StayUsable_WhenTheOptimizerIsGone()
    {
        var weight = Ones(3);

        new Sgd([("weight", weight)], new SgdOptions()).Dispose();

        Assert.Multiple(() =>
        {
            Assert.That(weight.data<double>().ToArray(), Has.All.EqualTo(1.0));
            Assert.That(weight.grad is null, Is.True);
        });
    }

    [Test]
    public void State_RestoresAnOptimizer()
    {
        var (weight, copy) = (Ones(3), Ones(3));
        using var optimizer = new Sgd([("weight", weight)], new SgdOptions());
        using var restored = new Sgd([("weight", copy)], new SgdOptions());
        StepAlong(optimizer, weight, 0.5);

        using (no_grad())
        {
            copy.copy_(weight);
            foreach (var (target, source) in restored.State.Zip(optimizer.State)) target.State.copy_(source.State);
        }

        Assert.Multiple(() =>
        {
            Assert.That(optimizer.State.Select(item => item.Name), Is.EqualTo(new[] { "momentum.weight" }));
            Assert.That(StepAlong(restored, copy, 0.25), Is.EqualTo(StepAlong(optimizer, weight, 0.25)));
        });
    }

    [Test]
    public void Step_Throws_WhenGradientsWereReplaced()
    {
        using var scope = NewDisposeScope();
        var weight = Ones(3);
        using var optimizer = new Sgd([("weight", weight)], new SgdOptions());

        weight.grad = null;
        Assert.That(() => optimizer.Step(1.0), Throws.InvalidOperationException);
        weight.sum().backward();
        Assert.That(() => optimizer.Step(1.0), Throws.InvalidOperationException);
        optimizer.ZeroGradients();
        Assert.That(() => optimizer.Step(1.0), Throws.Nothing);
    }

    // In weights of one vector and more, and in the rest behind them; by a gradient, and by what is remembered.
    [TestCase(true, 0)]
    [TestCase(true, 1002)]
    [TestCase(false, 1002)]
    public void Step_TellsThatAParameterIsNotFinite(bool fused, int index)
    {
        var weight = new Parameter(ones([1003]));
        using var optimizer = new Sgd([("weight", weight)], new SgdOptions(), topology: null, fused);

        optimizer.ZeroGradients();
        var finite = optimizer.Step(1.0);
        using (no_grad()) optimizer.State[0].State.narrow(0, index, 1).fill_(float.MaxValue * 2);
        var overflown = optimizer.Step(1.0);

        Assert.That((finite, overflown), Is.EqualTo((true, false)));
    }

    [TestCase(-0.1)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Step_Throws_WhenTheFactorIsNoFactor(double factor)
    {
        using var optimizer = new Sgd([("weight", Ones(3))], new SgdOptions());

        Assert.That(() => optimizer.Step(factor), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [TestCase(0.0, 0.1, 0.9, 0.0)]
    [TestCase(double.NaN, 0.1, 0.9, 0.0)]
    [TestCase(0.1, -1.0, 0.9, 0.0)]
    [TestCase(0.1, 0.1, 1.0, 0.0)]
    [TestCase(0.1, 0.1, 0.9, -1e-4)]
    public void Constructor_Throws_WhenOptionsAreOutOfRange(double rate, double scalarFactor, double momentum, double decay) => Assert.That(
        () => new Sgd([("weight", Ones(3))], new SgdOptions(rate, scalarFactor, momentum, decay)), Throws.ArgumentException);

    [Test]
    public void Registry_MakesTheOptimizer()
    {
        using var optimizer = OptimizerRegistry.All["sgd"].Create([("weight", Ones(3))], new SgdOptions());

        Assert.That(optimizer, Is.TypeOf<Sgd>());
    }

    private static Parameter Ones(long count) => new(ones([count], dtype: ScalarType.Float64));

    private static double StepAlong(Sgd optimizer, Parameter weight, double gradient)
    {
        optimizer.ZeroGradients();
        using (var loss = (weight * gradient).sum()) loss.backward();
        optimizer.Step(1.0);
        return weight.data<double>().ToArray().Distinct().Single();
    }

    private static double[] FiveSteps(ScalarType dtype, SgdOptions options, bool fused)
    {
        var random = new CounterRandom(1);
        var weight = new Parameter(tensor(Enumerable.Range(0, 1003).Select(_ => random.NextGaussian()).ToArray()).to(dtype));
        var bias = new Parameter(zeros([1], dtype: dtype));
        using var optimizer = new Sgd([("weight", weight), ("bias", bias)], options, topology: null, fused);
        for (var step = 0; step < 5; step++)
        {
            optimizer.ZeroGradients();
            (weight.square().sum() + bias * 3.0).sum().backward();
            optimizer.Step(0.5);
        }
        return [.. weight.to(ScalarType.Float64).data<double>().ToArray(), bias.ToDouble()];
    }
}
