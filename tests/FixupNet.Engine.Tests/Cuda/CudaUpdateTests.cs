using FixupNet.Engine.Cuda;
using FixupNet.Engine.Interop;
using FixupNet.Execution;
using FixupNet.Optimization;
using FixupNet.Residual;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine.Tests.Cuda;

/// <summary>What a captured step does beside gradients and SGD, against the host's way, in float64: Adam, averages of weights, dropout.</summary>
public sealed class CudaUpdateTests : EngineFixture
{
    private const int Side = 32;
    private const int StepCount = 3;

    // What is computed in another order differs in the last of 16 digits.
    private const double Tolerance = 1e-9;

    [OneTimeSetUp]
    public void EmulateKernels()
    {
        NativeLibraries.EmulatesCuda = true;
        Assert.That(CudaEngine.Unavailable, Is.Null);
    }

    // All of them under way before the first is read: none may wait for the number of the one before.
    [Test]
    public void Steps_UpdateAsAdamDoes([Values] bool decoupled, [Values(0.0, 0.05)] double weightDecay)
    {
        var options = new AdamOptions(LearningRate: 0.01, ScalarLearningRateFactor: 0.3, WeightDecay: weightDecay);
        using var network = Network();
        using var reference = Network();
        using var optimizer = new Adam(network.named_parameters(), options, network.Topology, decoupled);
        using var expected = new Adam(reference.named_parameters(), options, reference.Topology, decoupled);
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(4, Captured: false));

        for (var i = 0; i < StepCount; i++) HostStep(reference, expected, Factor(i));
        var numbers = Enumerable.Range(0, StepCount).Select(i => engine.Start(Images(), Some.Labels(4), null, 1, Factor(i))).ToList();
        var results = numbers.Select(engine.Read).ToList();

        Assert.That(results.Select(result => (result.Updated, result.ParametersFinite)), Has.All.EqualTo((true, true)));
        AssertSame(network.state_dict().Select(item => (item.Key, item.Value)), reference.state_dict().Values);
        AssertSame(optimizer.State, expected.State.Select(item => item.State));
    }

    [Test]
    public void Steps_LeaveAdamAndTheAverageAlone_FromTheFirstFailureOn()
    {
        using var network = Network();
        using var optimizer = new Adam(network.named_parameters(), new AdamOptions(LearningRate: 0.01));
        using var average = new WeightAverage(network, 0.9, optimizer);
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(4, Captured: false), average: average);
        (string, double[])[] State() => [.. optimizer.State.Concat(average.State).Concat(network.state_dict().Select(item => (item.Key, item.Value))).Select(item => (item.Item1, Some.Values(item.Item2)))];
        engine.Read(engine.Start(Images(), Some.Labels(4), null, 1, 1));
        var before = State();

        var bad = engine.Start(Images() * double.NaN, Some.Labels(4), null, 1, 1);
        var after = engine.Start(Images(), Some.Labels(4), null, 1, 1);

        Assert.That((engine.Read(bad).Updated, engine.Read(after).Updated), Is.EqualTo((false, false)));
        Assert.That(State(), Is.EqualTo(before));
        Assert.That(optimizer.State.Single(item => item.Name == "steps").State.ToInt64(), Is.EqualTo(1));
    }

    // An update that overflows is told, and ends the run after it.
    [Test]
    public void Steps_TellThatAdamHasOverflown()
    {
        using var network = Network();
        using var optimizer = new Adam(network.named_parameters(), new AdamOptions(LearningRate: 1000));
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(4, Captured: false));

        var (first, second) = (engine.Start(Images(), Some.Labels(4), null, 1, 1e306), engine.Start(Images(), Some.Labels(4), null, 1, 1));

        Assert.That((engine.Read(first), engine.Read(second)), Is.EqualTo((true, false, false)).Using<(CudaStepResult, CudaStepResult), (bool, bool, bool)>(
            (results, told) => (results.Item1.Updated, results.Item1.ParametersFinite, results.Item2.Updated) == told));
    }

    // Running statistics and counters too.
    [TestCase("sgd", "batchnorm")]
    [TestCase("adam", "fixup")]
    public void Steps_MoveTheAverage_AsTheHostDoes(string name, string variant)
    {
        using var network = Network(variant);
        using var reference = Network(variant);
        using var optimizer = Optimizer(name, network);
        using var expected = Optimizer(name, reference);
        using var average = new WeightAverage(network, 0.9, optimizer);
        using var host = new WeightAverage(reference, 0.9);
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(4, Captured: false), average: average);

        for (var i = 0; i < StepCount; i++)
        {
            HostStep(reference, expected, Factor(i));
            host.Update();
            engine.Read(engine.Start(Images(), Some.Labels(4), null, 1, Factor(i)));
        }

        AssertSame(average.State, host.State.Select(item => item.State));
    }

    // Elements, whole branches and the classifier's features; also in parts, and where the backward pass computes activations again.
    [Test]
    public void Steps_DropWhatTheHostDrops([Values(4, 3)] int microBatchSize, [Values] bool recompute)
    {
        var rates = new DropRates(Classifier: 0.3, Blocks: 0.2, Branches: 0.5);
        using var network = Network(depth: 14);
        using var reference = Network(depth: 14);
        rates.Dress(network);
        var draws = rates.Dress(reference);
        using var optimizer = Optimizer("sgd", network);
        using var expected = Optimizer("sgd", reference);
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(microBatchSize, Captured: false, Recompute: recompute));
        double HostLoss(ulong seed)
        {
            expected.ZeroGradients();
            using var drawing = draws.Begin(seed, 0);
            var loss = Some.Loss(reference.call(Images()), Some.Labels(4), null, 1);
            loss.backward();
            return loss.ToDouble();
        }
        double Loss(ulong seed) => engine.Read(engine.Start(Images(), Some.Labels(4), null, 1, 0, seed)).Loss;

        var (other, otherExpected) = (Loss(8), HostLoss(8));
        var (loss, lossExpected) = (Loss(7), HostLoss(7));

        using var all = Assert.EnterMultipleScope();
        Assert.That((loss, other), Is.EqualTo((lossExpected, otherExpected)).Within(Tolerance));
        Assert.That(loss, Is.Not.EqualTo(other).Within(1e-3));
        AssertSame(network.named_parameters().Select(item => (item.name, optimizer.Gradients.Of(item.parameter))), reference.parameters().Select(parameter => parameter.grad!));
    }

    // Our kernels know no dropout: blocks that drop are libtorch's, all others stay.
    [Test]
    public void FusedBlocks_AreThoseThatDropNothing()
    {
        using var whole = Some.Network(Some.Cifar(20));
        using var dropping = Some.Network(Some.Cifar(20));
        using var ending = Some.Network(Some.Cifar(20));
        new DropRates(Blocks: 0.2).Dress(dropping);
        new DropRates(Classifier: 0.2).Dress(ending);
        var options = new CudaEngineOptions(4, BFloat16: true);

        Assert.That(new[] { whole, dropping, ending }.Select(network => CudaPlan.FusedBlockCount(network, Side, options)), Is.EqualTo(new[] { 7, 0, 7 }));
        Assert.That(CudaPlan.PredictBytes(dropping, Side, options), Is.GreaterThan(CudaPlan.PredictBytes(whole, Side, options)));
    }

    [Test]
    public void Constructor_RefusesAnOptimizerWhoseUpdatesCannotBeQueued()
    {
        using var network = Network();
        using var inner = Optimizer("sgd", network);
        using var optimizer = new OtherOptimizer(inner);

        Assert.That(() => new CudaEngine(network, optimizer, Side, new CudaEngineOptions(4, Captured: false)), Throws.TypeOf<NotSupportedException>().With.Message.Contains("OtherOptimizer"));
    }

    private sealed class OtherOptimizer(IOptimizer inner) : IOptimizer
    {
        public double LearningRate => inner.LearningRate;

        public IReadOnlyList<(string Name, Tensor State)> State => inner.State;

        public IReadOnlyList<ParameterGroup> Groups => inner.Groups;

        public FlatGradients Gradients => inner.Gradients;

        public void ZeroGradients() => inner.ZeroGradients();

        public bool Step(double learningRateFactor) => inner.Step(learningRateFactor);

        public void Dispose()
        {
        }
    }

    private static double Factor(int step) => 1 - 0.25 * step;

    private static Tensor Images() => Some.Images(4, Side).to(ScalarType.Float64);

    private static ResidualNetwork Network(string variant = "fixup", int depth = 8)
    {
        var network = Some.Network(Some.Cifar(depth, variant: variant));
        network.to(ScalarType.Float64);
        return network;
    }

    private static FlatOptimizer Optimizer(string name, ResidualNetwork network) => name == "sgd"
        ? new Sgd(network.named_parameters(), new SgdOptions(LearningRate: 0.05), network.Topology)
        : new Adam(network.named_parameters(), new AdamOptions(LearningRate: 0.01), network.Topology);

    private static void HostStep(ResidualNetwork network, IOptimizer optimizer, double factor)
    {
        optimizer.ZeroGradients();
        Some.Loss(network.call(Images()), Some.Labels(4), null, 1).backward();
        optimizer.Step(factor);
    }

    private static void AssertSame(IEnumerable<(string Name, Tensor Value)> actual, IEnumerable<Tensor> expected)
    {
        foreach (var ((name, ours), theirs) in actual.Zip(expected)) Assert.That(Some.Values(ours), Is.EqualTo(Some.Values(theirs)).Within(Tolerance), name);
    }
}
