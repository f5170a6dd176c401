using System.Text.Json;
using FixupNet.Analysis;
using FixupNet.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Analysis;

/// <summary>Attacks and saliency maps against PyTorch's results in float64.</summary>
public sealed class AdversarialAttackTests
{
    private static IEnumerable<string> Networks => StudyReference.NetworksOf("adversarial");

    private static IEnumerable<string> SaliencyNetworks => StudyReference.NetworksOf("saliency");

    [TestCaseSource(nameof(Networks))]
    public void Attacks_EqualPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var expected = StudyReference.All.GetProperty(name);
        using var network = StudyReference.Network(expected);
        network.eval();
        var (pixels, labels) = (StudyReference.Pixels(), tensor([0L, 1L, 2L, 3L]));
        var gradient = AdversarialAttack.PixelGradient(Logits, pixels, labels);
        var losses = new List<double> { Loss(pixels) };

        var fgsm = new AdversarialAttack(Logits, AttackOptions.Fgsm(8 / 255.0)).Run(pixels, labels);
        var pgd = new AdversarialAttack(Logits, new AttackOptions(Steps: 7, RandomStart: false)).Run(pixels, labels, afterStep: images => losses.Add(Loss(images)));

        using (Assert.EnterMultipleScope())
        {
            Check(pixels, expected.GetProperty("clean"));
            Check(fgsm, expected.GetProperty("fgsm"));
            Check(pgd, expected.GetProperty("pgd"));
            Assert.That(losses, Is.EqualTo(expected.Numbers("pgd_loss_by_iteration")).Within(1e-9));
            Assert.That(gradient.eq(0).sum().ToInt64(), Is.EqualTo(expected.GetProperty("zero_gradients").GetInt64()));
        }

        Tensor Logits(Tensor images) => network.call(StudyReference.Normalized(images));

        double Loss(Tensor images)
        {
            using var mode = no_grad();
            return nn.functional.cross_entropy(Logits(images), labels).ToDouble();
        }

        void Check(Tensor images, JsonElement row)
        {
            var change = images - pixels;
            Assert.That(Loss(images), Is.EqualTo(row.Number("loss")).Within(1e-9));
            Assert.That(change.sum().ToDouble(), Is.EqualTo(row.Number("sum")).Within(1e-9));
            Assert.That(change.abs().sum().ToDouble(), Is.EqualTo(row.Number("sum_of_magnitudes")).Within(1e-9));
            Assert.That(change.abs().max().ToDouble(), Is.EqualTo(row.Number("greatest")).Within(1e-12));
        }
    }

    [Test]
    public void AnAttack_NeverLeavesTheBall_NorThePixels_AndIsTheSameInAnyBatch([Values] AttackNorm norm)
    {
        using var scope = NewDisposeScope();
        using var network = Network();
        var (pixels, labels) = (StudyReference.Pixels(), tensor([0L, 1L, 2L, 3L]));
        var epsilon = norm == AttackNorm.L2 ? 0.5 : 0.1;
        var attack = new AdversarialAttack(images => network.call(StudyReference.Normalized(images)), new AttackOptions(norm, epsilon, epsilon / 2, 5));
        var furthest = 0.0;

        var whole = attack.Run(pixels, labels, [5, 6, 7, 8], images =>
        {
            var change = images - pixels;
            furthest = Math.Max(furthest, (norm == AttackNorm.L2 ? change.square().sum([1, 2, 3]).sqrt().max() : change.abs().max()).ToDouble());
            Assert.That((images.min().ToDouble() >= 0, images.max().ToDouble() <= 1), Is.EqualTo((true, true)));
        });
        var alone = attack.Run(pixels.narrow(0, 2, 1), labels.narrow(0, 2, 1), [7]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(furthest, Is.LessThanOrEqualTo(epsilon * (1 + 1e-12)));
            Assert.That((whole.narrow(0, 2, 1) - alone).abs().max().ToDouble(), Is.LessThan(1e-12));
            Assert.That(() => attack.Run(pixels, labels), Throws.ArgumentNullException);
            Assert.That(() => attack.Run(pixels, labels, [1]), Throws.ArgumentException.With.Message.Contains("4 images"));
        }
    }

    [Test]
    public void AnAttack_LeavesImagesWithoutAGradientAlone([Values] AttackNorm norm, [Values(ScalarType.Float32, ScalarType.Float64)] ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var pixels = StudyReference.Pixels().to(dtype);

        var attacked = new AdversarialAttack(images => images.flatten(1).narrow(1, 0, 5) * 0, new AttackOptions(norm, RandomStart: false)).Run(pixels, tensor([0L, 1L, 2L, 3L]));

        Assert.That(attacked.eq(pixels).all().ToBoolean(), Is.True);
    }

    [TestCaseSource(nameof(SaliencyNetworks))]
    public void Maps_EqualPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var expected = StudyReference.All.GetProperty(name);
        var k = expected.GetProperty("k").GetInt32();
        using var network = StudyReference.Network(expected);
        network.eval();
        var (pixels, labels) = (StudyReference.Pixels(), tensor([0L, 1L, 2L, 3L]));
        var attacked = new AdversarialAttack(images => network.call(StudyReference.Normalized(images)), AttackOptions.Fgsm(8 / 255.0)).Run(pixels, labels);
        var inputs = StudyReference.Normalized(pixels);

        var simple = Saliency.SimpleGradient(network.call, inputs, labels);
        var afterwards = Saliency.SimpleGradient(network.call, StudyReference.Normalized(attacked), labels);
        var integrated = Saliency.IntegratedGradients(network.call, inputs, labels);

        using (Assert.EnterMultipleScope())
        {
            foreach (var sample in (int[])[0, 1])
            {
                var row = expected.GetProperty($"sample {sample}");
                Check(simple.select(0, sample), row.GetProperty("simple"));
                Check(integrated.select(0, sample).abs().sum([0]), row.GetProperty("integrated"));
                Assert.That(integrated.select(0, sample).sum().ToDouble(), Is.EqualTo(row.GetProperty("integrated").Number("signed_sum")).Within(1e-9));
                var comparison = MapComparison.Of(Values(simple.select(0, sample)), Values(afterwards.select(0, sample)), 32, k);
                var shift = row.GetProperty("simple map against that of the FGSM image");
                Assert.That(comparison.TopIntersection, Is.EqualTo(shift.Number("top_k_intersection")).Within(1e-12));
                Assert.That(comparison.RankCorrelation, Is.EqualTo(shift.Number("spearman")).Within(1e-9));
                Assert.That(comparison.CentreShift, Is.EqualTo(shift.Number("centre_shift")).Within(1e-9));
            }
        }

        void Check(Tensor map, JsonElement row)
        {
            Assert.That(map.sum().ToDouble(), Is.EqualTo(row.Number("sum")).Within(1e-9));
            Assert.That(map.max().ToDouble(), Is.EqualTo(row.Number("greatest")).Within(1e-9));
            Assert.That(MapComparison.Top(Values(map), k).Order(), Is.EqualTo(row.GetProperty("top_k").EnumerateArray().Select(place => place.GetInt32())));
        }
    }

    [Test]
    public void Maps_WithEqualValues_ShareRanks() =>
        Assert.That(MapComparison.Of([1, 1, 2, 3], [5, 5, 6, 9], 2, 2), Is.EqualTo(new MapComparison(1, 1, 0)).Using<MapComparison>(
            (left, right) => left.TopIntersection == right.TopIntersection && Math.Abs(left.RankCorrelation - right.RankCorrelation) < 1e-12));

    private static double[] Values(Tensor map) => map.contiguous().data<double>().ToArray();

    private static ResidualNetwork Network()
    {
        var network = StudyReference.Network(StudyReference.All.GetProperty("adversarial fixup:8"));
        network.eval();
        return network;
    }
}
