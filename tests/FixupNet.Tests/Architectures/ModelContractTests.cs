using FixupNet.Architectures;
using FixupNet.Execution;
using FixupNet.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Architectures;

/// <summary>What every model promises, in every variant.</summary>
[TestFixtureSource(typeof(Cases), nameof(Cases.ModelsAndVariants))]
public class ModelContractTests(ModelEntry model, object options)
{
    [Test]
    public void Forward_GivesFiniteLogits()
    {
        using var scope = NewDisposeScope();
        var network = Initialized();

        var logits = network.call(Cases.Images(3));

        Assert.Multiple(() =>
        {
            Assert.That(logits.shape, Is.EqualTo(new long[] { 3, Cases.ClassCount }));
            Assert.That(logits.isfinite().all().ToBoolean(), Is.True);
        });
    }

    [Test]
    public void Forward_ReportsEveryBlockInOrder()
    {
        using var scope = NewDisposeScope();
        var network = Initialized();
        var names = new List<string>();
        var dimensions = new List<long>();

        network.forward(Cases.Images(1), (name, output) =>
        {
            names.Add(name);
            dimensions.Add(output.shape.Length);
        });

        Assert.Multiple(() =>
        {
            Assert.That(names, Is.EqualTo(network.Topology.Branches.Select(branch => branch.Name).Prepend("stem")));
            Assert.That(dimensions, Has.All.EqualTo(4));
        });
    }

    [Test]
    public void Forward_KeepsNothingAlive()
    {
        using var scope = NewDisposeScope();
        var network = Initialized();
        var images = Cases.Images(1);
        var before = scope.DisposablesCount;

        using (no_grad()) network.call(images).Dispose();

        Assert.That(scope.DisposablesCount, Is.EqualTo(before));
    }

    [Test]
    public void Forward_Throws_WhenImagesHaveTheWrongShape()
    {
        using var network = Initialized();
        using var images = zeros([1, 1, 8, 8]);

        Assert.That(() => network.call(images), Throws.TypeOf<ShapeMismatchException>().With.Message.Contains("[1,1,8,8]"));
    }

    [Test]
    public void Topology_CoversEachParameterOnce()
    {
        using var network = model.Create(options, Cases.ClassCount);

        var described = new HashSet<object>(network.Topology.Parameters, ReferenceEqualityComparer.Instance);

        Assert.Multiple(() =>
        {
            Assert.That(described, Has.Count.EqualTo(network.parameters().Count()));
            Assert.That(network.parameters().All(described.Contains), Is.True);
        });
    }

    [Test]
    public void Topology_NamesLayersAsTheStateDictDoes()
    {
        using var network = model.Create(options, Cases.ClassCount);
        var names = network.state_dict().Keys.ToHashSet();

        var topology = network.Topology;
        var norms = topology.Norms.Concat(topology.Branches.SelectMany(branch => branch.Norms.Append(branch.ShortcutNorm).OfType<FixupNet.Residual.NormLayer>()));

        Assert.That(topology.WeightLayers.Select(layer => $"{layer.Name}.weight").Concat(norms.Select(norm => $"{norm.Name}.weight")), Is.SubsetOf(names));
    }

    [Test]
    public void Topology_UsesBatchStatistics_AsTheMethodSays()
    {
        using var network = model.Create(options, Cases.ClassCount);

        Assert.That(network.Topology.UsesBatchStatistics, Is.EqualTo(model.MethodOf(options).UsesBatchStatistics));
    }

    [Test]
    public void Topology_FollowsTheParameters_WhenTheModuleIsConverted()
    {
        using var network = model.Create(options, Cases.ClassCount).to(ScalarType.Float64);

        Assert.That(network.Topology.Parameters.Select(parameter => parameter.dtype), Has.All.EqualTo(ScalarType.Float64));
    }

    [Test]
    public void Gradients_AreThereAtOnceAndNonZeroFromTheThirdPass()
    {
        using var scope = NewDisposeScope();
        var network = Initialized();
        using var optimizer = new Sgd(network.named_parameters(), new SgdOptions(LearningRate: 0.05));
        var (images, labels) = (Cases.Images(8), Cases.Labels(8));

        for (var pass = 1; pass <= 3; pass++)
        {
            if (pass > 1) optimizer.Step(1.0);
            optimizer.ZeroGradients();
            nn.functional.cross_entropy(network.call(images), labels).backward();
        }

        var zero = network.named_parameters().Where(item => optimizer.Gradients.Span<float>(item.parameter).IndexOfAnyExcept(0f) < 0);
        Assert.That(zero.Select(item => item.name), Is.Empty);
    }

    [Test]
    public void Gradients_ReachEveryParameterInTheFirstPass()
    {
        using var scope = NewDisposeScope();
        var network = Initialized();

        nn.functional.cross_entropy(network.call(Cases.Images(2)), Cases.Labels(2)).backward();

        Assert.That(network.named_parameters().Where(item => item.parameter.grad is null).Select(item => item.name), Is.Empty);
    }

    [Test]
    public void StateDict_RoundTrips()
    {
        using var scope = NewDisposeScope();
        var (source, target) = (Initialized(seed: 1), Initialized(seed: 2));
        var images = Cases.Images(2);
        source.call(images).Dispose(); // moves the running statistics of the normalized variants
        source.eval();
        target.eval();

        target.load_state_dict(source.state_dict());

        Assert.That(target.call(images).data<float>().ToArray(), Is.EqualTo(source.call(images).data<float>().ToArray()));
    }

    [Test]
    public void Create_GivesParametersThatOutliveTheScope()
    {
        ResidualNetwork network;
        using (NewDisposeScope()) network = model.Create(options, Cases.ClassCount);

        Assert.That(network.parameters().Select(parameter => parameter.IsInvalid), Has.All.False);
        network.Dispose();
    }

    [Test]
    public void MicroBatches_AddUpToTheWholeBatch()
    {
        using var scope = NewDisposeScope();
        var network = Initialized().to(ScalarType.Float64);
        network.eval(); // batch statistics of a part are not those of the whole
        var (images, labels) = (Cases.Images(6, dtype: ScalarType.Float64), Cases.Labels(6));
        using var gradients = new FlatGradients([.. network.parameters()]);

        nn.functional.cross_entropy(network.call(images), labels).backward();
        var whole = gradients.Whole.clone();
        gradients.Zero();
        for (var start = 0; start < 6; start += 2)
        {
            var loss = nn.functional.cross_entropy(network.call(images.narrow(0, start, 2)), labels.narrow(0, start, 2));
            (loss * (2.0 / 6.0)).backward();
        }

        Assert.That((gradients.Whole - whole).abs().max().ToDouble(), Is.LessThan(1e-12 * (1 + whole.abs().max().ToDouble()))); // double rounding
    }

    private ResidualNetwork Initialized(ulong seed = 1) => Cases.Initialized(model, options, model.DefaultInitialization(options), seed);
}
