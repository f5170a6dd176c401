using FixupNet.Architectures;
using FixupNet.Augmentation;
using FixupNet.Engine.Cuda;
using FixupNet.Engine.Interop;
using FixupNet.Execution;
using FixupNet.Methods;
using FixupNet.Optimization;
using FixupNet.Optimization.GradientTransforms;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine.Tests.Cuda;

/// <summary>The step of the card, computed here on the CPU: the kernels emulated, the graph queued kernel by kernel.</summary>
public sealed class CudaEngineTests : EngineFixture
{
    private const int Side = 32;

    [OneTimeSetUp]
    public void EmulateKernels()
    {
        NativeLibraries.EmulatesCuda = true;
        Assert.That(CudaEngine.Unavailable, Is.Null);
    }

    private static readonly object[] s_networks =
    [
        Some.Cifar(8),
        Some.Cifar(8, variant: "plain"),
        new WideResNetCifarOptions(MethodZoo.All["fixup"].Method, 10, 1),
        Some.ImageNet(18, 8),
        Some.ImageNet(50, 4),
    ];

    [TestCaseSource(nameof(s_networks))]
    public void Step_GivesTheExactGradient_InFloat32(object options)
    {
        using var network = Some.Network(options);
        var (images, labels) = (Some.Images(4, Side), Some.Labels(4));
        var (loss, expected) = Some.Reference(network, options, images, labels);
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions());
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(3, Captured: false));

        var result = engine.Read(engine.Start(images, labels, null, 1, learningRateFactor: 0));

        Assert.That(result.Loss, Is.EqualTo(loss).Within(1e-5 * loss));
        AssertClose(Some.Gradients(network, optimizer.Gradients), expected, 1e-4);
    }

    // bfloat16 has 8 bits: 2^-9 a rounding, some tens of which lie between an image and a gradient.
    [Test]
    public void Step_IsNearTheExactGradient_ByFusedKernels([Values] bool inParts, [Values("fixup", "plain", "rezero", "stable")] string variant)
    {
        var options = Some.Cifar(20, variant: variant);
        using var network = Some.Network(options);
        var (images, labels) = (Some.Images(3, Side), Some.Labels(3));
        var (loss, expected) = Some.Reference(network, options, images, labels);
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions());
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(inParts ? 2 : 3, BFloat16: true, Captured: false));

        var result = engine.Read(engine.Start(images, labels, null, 1, learningRateFactor: 0));

        Assert.That(result.Loss, Is.EqualTo(loss).Within(0.01 * loss));
        Assert.That(engine.Description, Does.Contain("7 of 9 blocks"));
        // A scalar's gradient may be a small difference of large sums: compared where it is not.
        var weights = expected.Where(item => item.Value.Length > 1).ToDictionary();
        var actual = Some.Gradients(network, optimizer.Gradients);
        AssertClose(weights.Keys.ToDictionary(name => name, name => actual[name]), weights, 0.05);
    }

    [Test]
    public void Step_IsNearTheExactLoss_OfImageNetsNetworks_InBFloat16([Values(18, 50)] int depth)
    {
        var options = Some.ImageNet(depth, 8);
        using var network = Some.Network(options);
        var (images, labels) = (Some.Images(3, Side), Some.Labels(3));
        var (loss, _) = Some.Reference(network, options, images, labels);
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions());
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(2, BFloat16: true, Captured: false));

        var result = engine.Read(engine.Start(images, labels, null, 1, learningRateFactor: 1));

        Assert.That(result.Loss, Is.EqualTo(loss).Within(0.01 * loss));
        Assert.That((result.Updated, result.ParametersFinite), Is.EqualTo((true, true)));
    }

    [Test]
    public void Steps_UpdateAsTheOptimizerDoes([Values] bool mixed, [Values(4, 3)] int microBatchSize, [Values] bool nesterov)
    {
        var options = Some.Cifar(8);
        var sgd = new SgdOptions(LearningRate: 0.05, Nesterov: nesterov);
        using var network = Some.Network(options);
        using var reference = Some.Network(options);
        var (images, labels, partners) = (Some.Images(4, Side), Some.Labels(4), mixed ? Some.Labels(4, step: 3) : null);
        using var optimizer = new Sgd(network.named_parameters(), sgd);
        using var expected = new Sgd(reference.named_parameters(), sgd);
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(microBatchSize, Captured: false));

        for (var i = 0; i < 3; i++)
        {
            expected.ZeroGradients();
            Some.Loss(reference.call(images), labels, partners, 0.3).backward();
            var factor = 1 - 0.25 * i;
            expected.Step(factor);
            var result = engine.Read(engine.Start(images, labels, partners, 0.3, factor));
            Assert.That((result.Updated, result.ParametersFinite), Is.EqualTo((true, true)));
        }

        foreach (var ((name, ours), theirs) in network.named_parameters().Zip(reference.parameters()))
            Assert.That(Some.Error(Some.Values(ours), Some.Values(theirs)), Is.LessThan(1e-4), name);
    }

    [Test]
    public void Steps_ChangeGradientsBeforeTheUpdate_AsOnTheHost()
    {
        var options = Some.Cifar(8);
        var sgd = new SgdOptions(LearningRate: 0.05);
        using var network = Some.Network(options);
        using var reference = Some.Network(options);
        using var optimizer = new Sgd(network.named_parameters(), sgd);
        using var expected = new Sgd(reference.named_parameters(), sgd);
        var hostTransforms = Transforms(reference, expected);
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(4, Captured: false), Transforms(network, optimizer));
        var (images, labels) = (Some.Images(4, Side), Some.Labels(4));

        for (var i = 0; i < 3; i++)
        {
            expected.ZeroGradients();
            Some.Loss(reference.call(images), labels, null, 1).backward();
            var readings = hostTransforms.Select(transform => transform.Apply()).ToList();
            var norm = expected.Gradients.Norm();
            expected.Step(1);
            var transformed = engine.Read(engine.Start(images, labels, null, 1, 1)).Transformed!;
            Assert.That(transformed.Norm, Is.EqualTo(norm).Within(0.01).Percent); // float32 rounding
            Assert.That(transformed.Readings.Select(reading => reading.Name), Is.EqualTo(new[] { "agc", "clip-value", "clip-norm" }));
            Assert.That(transformed.Readings.Select(reading => reading.Clipped), Is.EqualTo(readings.Select(reading => reading.Clipped)).Within(0.02));
        }

        foreach (var ((name, ours), theirs) in network.named_parameters().Zip(reference.parameters()))
            Assert.That(Some.Error(Some.Values(ours), Some.Values(theirs)), Is.LessThan(1e-4), name);
    }

    private static IReadOnlyList<IGradientTransform> Transforms(ResidualNetwork network, Sgd optimizer)
    {
        var parameters = network.named_parameters().Select(item => (item.name, item.parameter)).ToList();
        var target = new TransformTarget(parameters, optimizer.Gradients, network.Topology, TransformTarget.ZerosOf(parameters));
        return
        [
            GradientTransformRegistry.All["agc"].Create(target, new AgcOptions()),
            GradientTransformRegistry.All["clip-value"].Create(target, new ClipValueOptions(0.01)),
            GradientTransformRegistry.All["clip-norm"].Create(target, new ClipNormOptions(0.1)),
        ];
    }

    [Test]
    public void Step_SmoothsLabels()
    {
        using var network = Some.Network(Some.Cifar(8));
        var (images, labels) = (Some.Images(4, Side), Some.Labels(4));
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions());
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(4, Captured: false, LabelSmoothing: 0.2));
        var expected = LabelSmoothing.CrossEntropy(network.call(images), labels, 0.2).ToDouble();

        var loss = engine.Read(engine.Start(images, labels, null, 1, learningRateFactor: 0)).Loss;

        Assert.That(loss, Is.EqualTo(expected).Within(1e-4).Percent); // float32 rounding
    }

    [Test]
    public void Steps_MoveEveryGroupAtItsOwnRate()
    {
        var options = Some.Cifar(8);
        var sgd = new SgdOptions(LearningRate: 0.05, ScalarBiasLearningRateFactor: 0.03, MultiplierLearningRateFactor: 0.7);
        using var network = Some.Network(options);
        using var reference = Some.Network(options);
        using var optimizer = new Sgd(network.named_parameters(), sgd, network.Topology);
        using var expected = new Sgd(reference.named_parameters(), sgd, reference.Topology);
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(4, Captured: false));
        var (images, labels) = (Some.Images(4, Side), Some.Labels(4));

        expected.ZeroGradients();
        Some.Loss(reference.call(images), labels, null, 1).backward();
        expected.Step(1);
        engine.Read(engine.Start(images, labels, null, 1, learningRateFactor: 1));

        foreach (var ((name, ours), theirs) in network.named_parameters().Zip(reference.parameters()))
            Assert.That(Some.Error(Some.Values(ours), Some.Values(theirs)), Is.LessThan(1e-5), name);
    }

    // Parameters, gradients and running statistics; at 32 layers a part is two blocks.
    [Test]
    public void Steps_GiveTheSameBits_WhenActivationsAreComputedAgain(
        [Values] bool bfloat16, [Values("fixup", "batchnorm", "plain")] string variant, [Values(4, 3)] int microBatchSize)
    {
        string[] Run(bool recompute)
        {
            using var network = Some.Network(Some.Cifar(32, variant: variant));
            using var optimizer = new Sgd(network.named_parameters(), new SgdOptions(LearningRate: 0.05));
            var options = new CudaEngineOptions(microBatchSize, bfloat16, Fused: false, Captured: false, Recompute: recompute);
            using var engine = new CudaEngine(network, optimizer, Side, options);
            var results = Enumerable.Range(0, 2).Select(i => engine.Read(engine.Start(Some.Images(4, Side, (ulong)i), Some.Labels(4), null, 1, 1))).ToList();
            return [.. results.Select(result => string.Join(' ', result.Squares.Prepend(result.Loss))),
                .. network.state_dict().Select(item => $"{item.Key}: {string.Join(' ', Some.Values(item.Value))}")];
        }

        Assert.That(Run(recompute: true), Is.EqualTo(Run(recompute: false)));
    }

    [Test]
    public void Read_TellsLossAccuracyAndNorms()
    {
        using var network = Some.Network(Some.Cifar(8));
        var (images, labels, partners) = (Some.Images(5, Side), Some.Labels(5), Some.Labels(5, step: 3));
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions());
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(2, Captured: false));
        var predicted = engine.Evaluate(images).argmax(1);
        var loss = Some.Loss(network.call(images), labels, partners, 0.3).ToDouble();

        var result = engine.Read(engine.Start(images, labels, partners, 0.3, 0));

        var squares = optimizer.Gradients.Parameters.Select(parameter => Math.Pow(Some.Norm(Some.Values(optimizer.Gradients.Of(parameter))), 2)).ToArray();
        using var all = Assert.EnterMultipleScope();
        Assert.That(result.Loss, Is.EqualTo(loss).Within(1e-5 * loss));
        Assert.That(result.Correct, Is.EqualTo(0.3 * predicted.eq(labels).sum().ToDouble() + 0.7 * predicted.eq(partners).sum().ToDouble()).Within(1e-12));
        Assert.That(result.Squares, Is.EqualTo(squares).Within(1e-9).Percent);
        Assert.That(result.TotalSquare, Is.EqualTo(squares.Sum()).Within(1e-9).Percent);
    }

    [Test]
    public void Start_KeepsResultsOfStepsUnderWayApart()
    {
        using var network = Some.Network(Some.Cifar(8));
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions());
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(4, Captured: false));
        var batches = Enumerable.Range(0, CudaEngine.StepsInFlight + 1).Select(i => (Images: Some.Images(2, Side, (ulong)i + 5), Labels: Some.Labels(2))).ToList();
        var alone = batches.Select(batch => engine.Read(engine.Start(batch.Images, batch.Labels, null, 1, 0)).Loss).ToList();

        var numbers = batches.Select(batch => engine.Start(batch.Images, batch.Labels, null, 1, 0)).ToList();

        Assert.That(numbers.Select(number => engine.Read(number).Loss), Is.EqualTo(alone));
        Assert.That(() => engine.Read(numbers[0] - 1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    // Once a gradient is not finite, that step and those behind it leave the weights alone, though they were started before anybody could know.
    [Test]
    public void Steps_LeaveWeightsAlone_FromTheFirstFailureOn([Values] bool stopAtNonFinite)
    {
        using var network = Some.Network(Some.Cifar(8));
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions());
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(4, Captured: false, StopAtNonFinite: stopAtNonFinite));
        var (good, labels) = (Some.Images(2, Side), Some.Labels(2));
        engine.Start(good, labels, null, 1, 1);
        var before = Some.Values(network.parameters().First());

        var bad = engine.Start(good * double.NaN, labels, null, 1, 1);
        var after = engine.Start(good, labels, null, 1, 1);

        var unchanged = Some.Values(network.parameters().First()).SequenceEqual(before);
        Assert.That((engine.Read(bad).Updated, engine.Read(after).Updated, unchanged), Is.EqualTo((!stopAtNonFinite, !stopAtNonFinite, stopAtNonFinite)));
    }

    [Test]
    public void Steps_StopAfterALossAboveTheLimit()
    {
        using var network = Some.Network(Some.Cifar(8));
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions());
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(4, Captured: false, StopAtLossAbove: 0.1));
        var (images, labels) = (Some.Images(2, Side), Some.Labels(2));

        var (first, second) = (engine.Start(images, labels, null, 1, 1), engine.Start(images, labels, null, 1, 1));

        Assert.That((engine.Read(first).Updated, engine.Read(second).Updated), Is.EqualTo((true, false)));
    }

    [Test]
    public void FusedStep_RepeatsBitForBit()
    {
        using var network = Some.Network(Some.Cifar(14));
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions());
        using var engine = new CudaEngine(network, optimizer, Side, new CudaEngineOptions(2, BFloat16: true, Captured: false));
        var (images, labels) = (Some.Images(2, Side), Some.Labels(2));

        var squares = Enumerable.Range(0, 2).Select(_ => engine.Read(engine.Start(images, labels, null, 1, 0)).Squares).ToList();

        Assert.That(squares[1], Is.EqualTo(squares[0]));
    }

    // What is kept grows with the depth, or with its square root.
    [Test]
    public void PredictBytes_GrowsWithTheRoot_WhenActivationsAreComputedAgain()
    {
        long Bytes(int depth, bool recompute)
        {
            using var network = Some.Network(Some.Cifar(depth, variant: "batchnorm"));
            var fixedBytes = CudaPlan.PredictBytes(network, Side, new CudaEngineOptions(0));
            return CudaPlan.PredictBytes(network, Side, new CudaEngineOptions(64, Recompute: recompute)) - fixedBytes;
        }

        Assert.That(Bytes(602, recompute: false) / (double)Bytes(152, recompute: false), Is.EqualTo(4).Within(0.1));
        Assert.That(Bytes(602, recompute: true) / (double)Bytes(152, recompute: true), Is.EqualTo(2).Within(0.3));
    }

    [Test]
    public void PredictBytes_FollowsTheNetworksOwnImages()
    {
        using var small = new ResNetCifar(new ResNetCifarOptions(Depth: 8));
        using var large = new ResNetCifar(new ResNetCifarOptions(Depth: 8), images: new ImageShape(1, 224, 224));
        static long Bytes(ResidualNetwork network) => CudaPlan.PredictBytes(network, network.InputShape.Height, new CudaEngineOptions(16))
            - CudaPlan.PredictBytes(network, network.InputShape.Height, new CudaEngineOptions(0));

        Assert.That(Bytes(large), Is.EqualTo(49 * Bytes(small)));
    }

    [Test]
    public void PredictBytes_GrowsWithImagesAndDepth()
    {
        using var shallow = Some.Network(Some.Cifar(20));
        using var deep = Some.Network(Some.Cifar(56));
        long Bytes(ResidualNetwork network, int images) => CudaPlan.PredictBytes(network, Side, new CudaEngineOptions(images, BFloat16: true));

        Assert.That(Bytes(shallow, 128), Is.InRange(Bytes(shallow, 64), Bytes(deep, 128)));
    }
}
