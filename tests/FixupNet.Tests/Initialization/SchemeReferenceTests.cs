using System.Text.Json;
using FixupNet.Architectures;
using FixupNet.Initialization;
using FixupNet.Initialization.Schemes;
using FixupNet.Methods;
using FixupNet.Tests.Methods;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests.Initialization;

/// <summary>What schemes compute against PyTorch's float64 results (Fixtures/initializers.json); parameters as in <see cref="MethodReferenceTests"/>.</summary>
/// <remarks>Twelve images, labels 0, 1, 2 …: GradInit's three parts are its thirds, LSUV and MetaInit take the first two.</remarks>
public sealed class SchemeReferenceTests
{
    private const int ImageCount = 12;
    private const int TwoThirds = 8;

    private static readonly JsonElement s_reference = JsonDocument.Parse(
        File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Fixtures", "initializers.json"))).RootElement;

    [TestCase(ScalarType.Float64, 1e-9)]
    [TestCase(ScalarType.Float32, 1e-4)]
    public void Lsuv_EqualsPyTorch(ScalarType dtype, double relative)
    {
        using var scope = NewDisposeScope();
        using var network = MethodReferenceTests.Network("plain:8", dtype);
        using (no_grad()) network.Topology.Classifier.Bias!.fill_(0.0);

        var scaled = new LsuvScheme().Scale(Context(network), ReferenceTraining.Images(32, 32, dtype, count: TwoThirds));

        using (Assert.EnterMultipleScope())
        {
            foreach (var layer in s_reference.GetProperty("lsuv plain, from formula weights without the orthonormal start: [multiplier, std]").EnumerateObject())
            {
                Assert.That(scaled[layer.Name].Factor, Is.EqualTo(layer.Value[0].GetDouble()).Within(100 * relative).Percent, layer.Name);
                Assert.That(scaled[layer.Name].Deviation, Is.EqualTo(layer.Value[1].GetDouble()).Within(100 * relative).Percent, layer.Name);
            }
        }
    }

    [TestCase("plain", GradInitStep.Sgd)]
    [TestCase("plain", GradInitStep.Adam)]
    [TestCase("fixup", GradInitStep.Sgd)]
    [TestCase("fixup", GradInitStep.Adam)]
    [TestCase("batchnorm", GradInitStep.Sgd)]
    [TestCase("batchnorm", GradInitStep.Adam)]
    public void GradInit_EqualsPyTorch_InFloat64(string method, GradInitStep step) => CheckGradInit(method, step, ScalarType.Float64, 1e-9);

    // The norm of 1 has a kink wherever a gradient is 0, and batch statistics of eight images magnify rounding: float32 is held to the 2-norm without them.
    [TestCase("plain")]
    [TestCase("fixup")]
    public void GradInit_EqualsPyTorch_InFloat32(string method) => CheckGradInit(method, GradInitStep.Sgd, ScalarType.Float32, 1e-4);

    [TestCase("plain")]
    [TestCase("fixup")]
    public void MetaInit_EqualsPyTorch_InFloat64(string method)
    {
        using var scope = NewDisposeScope();
        using var network = MethodReferenceTests.Network($"{method}:8", ScalarType.Float64);
        var expected = s_reference.GetProperty($"metainit {method}");

        var (quotient, derivatives) = MetaInitScheme.Quotient(
            Context(network), new SchemeSample(ReferenceTraining.Images(32, 32, ScalarType.Float64, count: TwoThirds), Labels(TwoThirds)));
        var layers = network.Topology.WeightLayers;
        var velocities = new double[layers.Count];
        var norms = layers.Select(layer => layer.Weight.norm().ToDouble()).ToList();
        new MetaInitScheme().Update(layers, derivatives, velocities);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(quotient, Is.EqualTo(expected.GetProperty("gradient_quotient").GetDouble()).Within(1e-7).Percent);
            foreach (var (i, layer) in layers.Index())
            {
                var name = $"{layer.Name}.weight";
                // Derivatives divide by g + 1e-5: equal is 1e-6.
                Assert.That(derivatives[i], Is.EqualTo(expected.GetProperty("scale_derivatives").GetProperty(name).GetDouble()).Within(1e-4).Percent, name);
                Assert.That(velocities[i], Is.EqualTo(expected.GetProperty("velocity_after_first_step").GetProperty(name).GetDouble()), name);
                Assert.That(layer.Weight.norm().ToDouble(), Is.EqualTo(norms[i] + velocities[i]).Within(1e-12), name);
            }
        }
    }

    [TestCase("plain")]
    [TestCase("fixup")]
    public void MetaInit_EqualsPyTorch_InFloat32(string method)
    {
        using var scope = NewDisposeScope();
        using var network = MethodReferenceTests.Network($"{method}:8", ScalarType.Float32);

        var (quotient, _) = MetaInitScheme.Quotient(
            Context(network), new SchemeSample(ReferenceTraining.Images(32, 32, ScalarType.Float32, count: TwoThirds), Labels(TwoThirds)));

        Assert.That(quotient, Is.EqualTo(s_reference.GetProperty($"metainit {method}").GetProperty("gradient_quotient").GetDouble()).Within(0.01).Percent);
    }

    [Test]
    public void Xavier_HasTheReferencesDeviations()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(new PlainMethod(), 8));

        var deviations = network.Topology.WeightLayers.ToDictionary(layer => $"{layer.Name}.weight", layer => Fan.Of(layer.Weight.shape));

        using (Assert.EnterMultipleScope())
            foreach (var layer in s_reference.GetProperty("xavier plain").EnumerateObject())
                Assert.That(Math.Sqrt(2.0 / (deviations[layer.Name].In + deviations[layer.Name].Out)), Is.EqualTo(layer.Value.GetProperty("normal_std").GetDouble()).Within(1e-12), layer.Name);
    }

    [Test]
    public void DeltaOrthogonal_TakesTheReferencesLayers()
    {
        using var network = new ResNetCifar(new ResNetCifarOptions(new PlainMethod(), 8));
        new DeltaOrthogonalScheme(Gain: 1).Apply(network.Topology, seed: 1);

        var isDelta = network.Topology.WeightLayers.Where(layer => layer.Weight.shape.Length == 4)
            .Where(layer => layer.Weight.select(3, 0).abs().max().ToDouble() == 0)
            .ToDictionary(layer => layer.Name, layer => (layer.Weight.shape[1], layer.Weight.shape[0], layer.Weight.square().sum().ToDouble()));

        var expected = s_reference.GetProperty("delta-orthogonal layers: [C_in, C_out, squared norm at gain 1]");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(isDelta.Keys, Is.EquivalentTo(expected.EnumerateObject().Select(layer => layer.Name)));
            foreach (var layer in expected.EnumerateObject())
            {
                Assert.That((isDelta[layer.Name].Item1, isDelta[layer.Name].Item2), Is.EqualTo((layer.Value[0].GetInt64(), layer.Value[1].GetInt64())));
                Assert.That(isDelta[layer.Name].Item3, Is.EqualTo(layer.Value[2].GetDouble()).Within(1e-4).Percent);
            }
        }
    }

    [Test]
    public void CriticalLine_EqualsTheReference()
    {

        using (Assert.EnterMultipleScope())
        {
            foreach (var line in s_reference.GetProperty("critical line of tanh: q* -> [sigma_w^2, sigma_b^2]").EnumerateObject())
            {
                var q = double.Parse(line.Name, System.Globalization.CultureInfo.InvariantCulture);
                var (weights, biases) = CriticalLine.Of(q, Math.Tanh, x => 1 / Math.Pow(Math.Cosh(x), 2));
                Assert.That(weights, Is.EqualTo(line.Value[0].GetDouble()).Within(1e-7).Percent, line.Name);
                // A difference of numbers near q: it is known to q's last digits.
                Assert.That(biases, Is.EqualTo(line.Value[1].GetDouble()).Within(1e-9 * line.Value[1].GetDouble() + 1e-14 * q), line.Name);
            }
            Assert.That((CriticalLine.Relu.WeightVariance, CriticalLine.Relu.BiasVariance), Is.EqualTo((2.0, 0.0)));
        }
    }

    private static void CheckGradInit(string method, GradInitStep step, ScalarType dtype, double relative)
    {
        using var scope = NewDisposeScope();
        using var network = MethodReferenceTests.Network($"{method}:8", dtype);
        var expected = s_reference.GetProperty($"gradinit {method} {step.ToString().ToLowerInvariant()}");
        var before = network.parameters().Select(parameter => parameter.clone()).ToList();

        var iteration = new GradInitIteration(Context(network), new SchemeSample(ReferenceTraining.Images(32, 32, dtype, count: ImageCount), Labels(ImageCount)), new GradInitScheme(step));
        var ofNorm = iteration.NormDerivatives();
        var (objective, afterStep) = iteration.AfterStep();

        using (Assert.EnterMultipleScope())
        {
            IsClose(iteration.Loss, "loss");
            IsClose(iteration.GradientNorm, "gradient_norm");
            IsClose(objective, "objective");
            AreClose(ofNorm, "gradient_norm_scale_derivatives");
            AreClose(afterStep, "objective_scale_derivatives");
            Assert.That(network.parameters().Zip(before, (now, then) => (now - then).abs().max().ToDouble()), Has.All.LessThan(10 * relative), "the step is taken back");

            void AreClose(double[] actual, string what)
            {
                // Beside the greatest: small ones are differences of large numbers.
                var greatest = expected.GetProperty(what).EnumerateObject().Max(item => Math.Abs(item.Value.GetDouble()));
                foreach (var (i, parameter) in network.Topology.Parameters.Index())
                    Assert.That(actual[i], Is.EqualTo(expected.GetProperty(what).GetProperty(NameOf(parameter)).GetDouble()).Within(relative * greatest), $"{what} {NameOf(parameter)}");
            }
        }

        string NameOf(Parameter parameter) => network.named_parameters().First(item => ReferenceEquals(item.parameter, parameter)).name;

        void IsClose(double actual, string what) => Assert.That(actual, Is.EqualTo(expected.GetProperty(what).GetDouble()).Within(100 * relative).Percent, what);
    }

    private static Tensor Labels(int count) => tensor([.. Enumerable.Range(0, count).Select(i => (long)(i % 10))]);

    private static InitializationContext Context(ResNetCifar network) => new(network.Topology, new Generator(1))
    {
        Forward = (images, batchStatistics, layerOutput) =>
        {
            network.train(batchStatistics);
            return layerOutput is null ? network.forward(images) : network.ForwardByLayer(images, layerOutput);
        },
    };
}
