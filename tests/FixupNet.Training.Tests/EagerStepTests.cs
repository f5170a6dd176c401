using FixupNet.Execution;
using FixupNet.Training.Tasks;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Training.Tests;

public sealed class EagerStepTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void OpenScope() => _scope = NewDisposeScope();

    [TearDown]
    public void CloseScope() => _scope.Dispose();

    // float32 sums of some hundred terms differ by their order; float64 leaves 1e-12 of headroom over its rounding.
    [TestCase(ScalarType.Float32, 4, false, 2e-5)]
    [TestCase(ScalarType.Float32, 3, true, 2e-5)]
    [TestCase(ScalarType.Float64, 4, false, 1e-12)]
    [TestCase(ScalarType.Float64, 3, false, 1e-12)]
    [TestCase(ScalarType.Float64, 3, true, 1e-12)]
    [TestCase(ScalarType.Float64, 1, true, 1e-12)]
    [TestCase(ScalarType.Float64, 9, false, 1e-12)]
    public void Run_ComputesTheSame_InMicroBatches(ScalarType precision, int microBatchSize, bool mixed, double tolerance)
    {
        var batch = Some.Batch(8, precision, mixed);

        var (whole, wholeWeights) = ThreeSteps(batch, null);
        var (parts, partWeights) = ThreeSteps(batch, microBatchSize);

        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < whole.Count; i++)
            {
                Assert.That(parts[i].Loss, Is.EqualTo(whole[i].Loss).Within(tolerance * whole[i].Loss));
                Assert.That(parts[i].Measured[0].Sum, Is.EqualTo(whole[i].Measured[0].Sum).Within(1e-12));
                Assert.That(parts[i].ExampleCount, Is.EqualTo(8));
                Assert.That(parts[i].Norms.Norms, Is.EqualTo(whole[i].Norms.Norms).Within(tolerance * whole[i].Norms.Total));
            }
            Assert.That(partWeights, Is.EqualTo(wholeWeights).Within(tolerance));
        }
    }

    [Test]
    public void Run_LowersTheLoss()
    {
        var (results, _) = ThreeSteps(Some.Batch(8), null);

        Assert.That(results[2].Loss, Is.LessThan(results[0].Loss));
    }

    // The gradient of the mean loss with respect to fc.bias is the mean of softmax − one-hot; at equal logits that is known.
    [Test]
    public void Run_MeasuresLossAndGradient_WhenLogitsAreEqual()
    {
        using var network = Some.Network("fixup", ScalarType.Float64);
        using var optimizer = Some.Optimizer(network);

        var result = Some.Step(network, optimizer).Run(Some.Batch(5, ScalarType.Float64), learningRateFactor: 1);

        var bias = network.named_parameters().Single(item => item.name == "fc.bias").parameter;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Loss, Is.EqualTo(Math.Log(5)).Within(1e-12));
            Assert.That(result.Measured[0].Sum, Is.EqualTo(1)); // argmax of equal logits is class 0, which one of five images has
            Assert.That(Some.Values(bias.grad!), Is.All.EqualTo(0.0).Within(1e-12));
            Assert.That(result.Norms.Norms.SkipLast(1), Is.All.Zero); // the classifier is 0, so nothing flows past it
            Assert.That(result.Norms.Norms[^1], Is.GreaterThan(0));
        }
    }

    [TestCase("fixup", "conv1.weight", "stem")]
    [TestCase("fixup", "layer1.0.conv2.weight", "layer1.0")]
    [TestCase("plain", "layer2.0.conv1.weight", "layer2.0")]
    [TestCase("batchnorm", "layer3.0.conv1.weight", "layer3.0")]
    [TestCase("plain", "fc.weight", "classifier")]
    public void Run_NamesTheBlock_WhenAWeightIsNaN(string variant, string parameter, string expectedLayer)
    {
        using var network = Some.Network(variant);
        Plant(network, parameter, double.NaN);
        using var optimizer = Some.Optimizer(network);
        var before = Parameters(network);

        var result = Some.Step(network, optimizer).Run(Some.Batch(4), learningRateFactor: 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Failure, Is.EqualTo(new NonFiniteValue(expectedLayer, "the output is not finite")));
            Assert.That(result.Loss, Is.NaN);
            Assert.That(Parameters(network), Is.EqualTo(before));
        }
    }

    // Loss and gradients are those before the update: they know nothing of it.
    [Test]
    public void Run_NamesTheParameter_WhenTheUpdateOverflows()
    {
        using var network = Some.Network("fixup");
        using var optimizer = Some.Optimizer(network);
        using (no_grad()) optimizer.State.Single(item => item.Name == "momentum.layer2.0.conv1.weight").State.fill_(double.PositiveInfinity);

        var result = Some.Step(network, optimizer).Run(Some.Batch(4), learningRateFactor: 1);

        Assert.That((result.Failure, result.Updated), Is.EqualTo((new NonFiniteValue("layer2.0.conv1.weight", "the parameter is not finite"), true)));
    }

    [Test]
    public void Run_GoesOn_WhenItMayNotStopAtNonFinite()
    {
        using var network = Some.Network("plain");
        Plant(network, "layer2.0.conv1.weight", double.NaN);
        using var optimizer = Some.Optimizer(network);
        var step = Some.Step(network, optimizer, stopAtNonFinite: false);
        var before = Parameters(network);

        var results = new[] { step.Run(Some.Batch(4), 1), step.Run(Some.Batch(4), 1) };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(results.Select(result => result.Failure?.Layer), Is.EqualTo(new[] { "layer2.0", "stem" }));
            Assert.That(Parameters(network), Is.Not.EqualTo(before));
        }
    }

    // Forward 1e-30 · 1e30, backward 1e30 · 1e15: the loss is finite, the gradient of the stem overflows float32.
    [Test]
    public void Run_NamesTheLayer_WhenOnlyItsGradientIsInfinite()
    {
        using var network = Some.Network("plain");
        Scale(network, "conv1.weight", 1e-30);
        Scale(network, "layer1.0.conv1.weight", 1e30);
        Scale(network, "fc.weight", 1e15);
        using var optimizer = Some.Optimizer(network);
        var before = Parameters(network);

        var result = Some.Step(network, optimizer).Run(Some.Batch(4), learningRateFactor: 1);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Loss, Is.GreaterThan(1e6).And.LessThan(double.PositiveInfinity));
            Assert.That(result.Failure?.Layer, Is.EqualTo("conv1"));
            Assert.That(result.Failure?.What, Does.Match("^the gradient norm is (NaN|Infinity)$"));
            Assert.That(Parameters(network), Is.EqualTo(before));
        }
    }

    [Test]
    public void Run_HasNoFailure_WhenAllIsFinite()
    {
        var (results, _) = ThreeSteps(Some.Batch(4), null);

        Assert.That(results.Select(result => result.Failure), Is.All.Null);
    }

    [Test]
    public void Run_ScalesTheUpdate_ByTheScheduleFactor()
    {
        using var network = Some.Network("plain");
        using var optimizer = Some.Optimizer(network);
        var before = Parameters(network);

        Some.Step(network, optimizer).Run(Some.Batch(4), learningRateFactor: 0);

        Assert.That(Parameters(network), Is.EqualTo(before));
    }

    [Test]
    public void Run_LeavesNoTensorsBehind()
    {
        using var network = Some.Network("fixup");
        using var optimizer = Some.Optimizer(network);
        var step = Some.Step(network, optimizer, microBatchSize: 3);
        var batch = Some.Batch(8);
        Scoped(() => step.Run(batch, 1));

        var before = Tensor.TotalCount;
        for (var i = 0; i < 3; i++) Scoped(() => step.Run(batch, 1));

        Assert.That(Tensor.TotalCount, Is.LessThanOrEqualTo(before));
    }

    private static void Scoped(Action action)
    {
        using var scope = NewDisposeScope();
        action();
    }

    private static (List<StepResult> Results, double[] Weights) ThreeSteps(ImageBatch batch, int? microBatchSize)
    {
        using var network = Some.Network("fixup", batch.Images.dtype);
        using var optimizer = Some.Optimizer(network);
        var step = Some.Step(network, optimizer, microBatchSize);
        List<StepResult> results = [.. Enumerable.Range(0, 3).Select(_ => step.Run(batch, learningRateFactor: 1))];
        return (results, [.. network.parameters().SelectMany(Some.Values)]);
    }

    private static void Plant(ResidualNetwork network, string name, double value)
    {
        using var mode = no_grad();
        var parameter = network.named_parameters().Single(item => item.name == name).parameter;
        parameter.view(-1).narrow(0, 0, 1).fill_(value);
    }

    private static void Scale(ResidualNetwork network, string name, double factor)
    {
        using var mode = no_grad();
        network.named_parameters().Single(item => item.name == name).parameter.mul_(factor);
    }

    private static string Parameters(ResidualNetwork network) =>
        string.Concat(network.parameters().Select(parameter => Convert.ToHexString(parameter.detach().contiguous().bytes)));
}
