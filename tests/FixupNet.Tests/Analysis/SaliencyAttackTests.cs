using FixupNet.Analysis;
using FixupNet.Execution;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Analysis;

/// <summary>Attacks on saliency maps, in float64 on the reference's networks.</summary>
public sealed class SaliencyAttackTests
{
    private static readonly ulong[] s_seeds = [5, 6, 7, 8];

    private static IEnumerable<string> Networks => StudyReference.NetworksOf("saliency");

    [TestCaseSource(nameof(Networks))]
    public void ASmoothTwin_ComesToItsNetwork_AsItsSoftplusSharpens(string name)
    {
        using var scope = NewDisposeScope();
        using var network = Network(name);
        using var noGradients = no_grad();
        var inputs = StudyReference.Normalized(StudyReference.Pixels());
        var expected = network.call(inputs);

        double Distance(double sharpness) => (SmoothTwin.Of(network, sharpness)(inputs) - expected).abs().max().ToDouble();

        Assert.That(Distance(1e6), Is.LessThan(1e-4).And.LessThan(Distance(1000)).And.LessThan(Distance(10)));
    }

    [Test]
    public void SmoothMaps_EqualTheMapsOfTheSmoothNetwork([Values] SaliencyMethod method)
    {
        using var scope = NewDisposeScope();
        using var network = Network("saliency fixup:8");
        var (smooth, pixels, classes) = (SmoothTwin.Of(network, 10), StudyReference.Pixels(), tensor([0L, 1L, 2L, 3L]));
        var inputs = StudyReference.Normalized(pixels);
        var expected = method == SaliencyMethod.SimpleGradient
            ? Saliency.SimpleGradient(smooth, inputs, classes) : Saliency.IntegratedGradients(smooth, inputs, classes, 5).abs().sum([1L]);

        var maps = new SaliencyMaps(network.call, smooth, StudyReference.Normalized, method, 5).SmoothOf(pixels.requires_grad_(), classes);

        Assert.That((maps - expected).abs().max().ToDouble(), Is.LessThan(1e-10));
    }

    [Test]
    public void AnAttack_NeverLeavesTheBall_NorThePixels_AndIsTheSameInAnyBatch([Values] SaliencyTarget target)
    {
        using var scope = NewDisposeScope();
        using var network = Network("saliency fixup:8");
        var (pixels, epsilon, furthest) = (StudyReference.Pixels(), 0.02, 0.0);
        var attack = Attack(network, new SaliencyAttackOptions(target, epsilon, 0.008, 4, 20));

        var (images, shifts) = attack.Run(pixels, s_seeds, moved =>
        {
            furthest = Math.Max(furthest, (moved - pixels).abs().max().ToDouble());
            Assert.That((moved.min().ToDouble() >= 0, moved.max().ToDouble() <= 1), Is.EqualTo((true, true)));
        });
        var (alone, shift) = attack.Run(pixels.narrow(0, 2, 1), [7]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(furthest, Is.EqualTo(epsilon).Within(1e-12), "three steps are longer than the ball is wide");
            Assert.That((images.narrow(0, 2, 1) - alone).abs().max().ToDouble(), Is.LessThan(1e-12));
            Assert.That(shift[0].ByStep, Is.EqualTo(shifts[2].ByStep));
            Assert.That(() => attack.Run(pixels, [1]), Throws.ArgumentException.With.Message.Contains("4 images"));
        }
    }

    [TestCaseSource(nameof(Networks))]
    public void AnAttack_MovesMapsFurtherThanChance_AndLeavesTheClass(string name)
    {
        using var scope = NewDisposeScope();
        using var network = Network(name);
        var pixels = StudyReference.Pixels();
        var classes = Classes(pixels);

        var (_, random) = Attack(network, new SaliencyAttackOptions(SaliencyTarget.Random, Steps: 4)).Run(pixels, s_seeds);
        var (images, top) = Attack(network, new SaliencyAttackOptions(SaliencyTarget.TopK, Steps: 4)).Run(pixels, s_seeds);
        var (_, centre) = Attack(network, new SaliencyAttackOptions(SaliencyTarget.MassCentre, Steps: 4)).Run(pixels, s_seeds);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Classes(images), Is.EqualTo(classes));
            Assert.That(Mean(top, best => best.TopIntersection), Is.LessThan(Mean(random, best => best.TopIntersection)));
            Assert.That(Mean(centre, best => best.CentreShift), Is.GreaterThan(Mean(random, best => best.CentreShift)));
        }

        long[] Classes(Tensor images)
        {
            using var noGradients = no_grad();
            return network.call(StudyReference.Normalized(images)).argmax(1).data<long>().ToArray();
        }

        static double Mean(IReadOnlyList<SaliencyShift> shifts, Func<MapComparison, double> value) => shifts.Where(shift => shift.Best is not null).Average(shift => value(shift.Best!));
    }

    // An image all of whose changes turn the answer has no result, and stays what it was.
    [Test]
    public void AnAttack_ThatOnlyTurnsTheAnswer_HasNoResult()
    {
        using var scope = NewDisposeScope();
        var pixels = full([1, 3, 32, 32], 0.5, ScalarType.Float64);
        Tensor Logits(Tensor images) => cat([(images - 0.5).abs().sum([1L, 2L, 3L]).unsqueeze(1) - 1e-9, images.sum([1L, 2L, 3L]).unsqueeze(1) * 0], 1);

        var (images, shifts) = new SaliencyAttack(new SaliencyMaps(Logits, Logits, image => image, SaliencyMethod.SimpleGradient), new SaliencyAttackOptions(SaliencyTarget.Random, Steps: 3)).Run(pixels, [1]);

        Assert.That((shifts[0].Best, images.eq(pixels).all().ToBoolean(), shifts[0].ByStep.Count), Is.EqualTo(((MapComparison?)null, true, 3)));
    }

    private static SaliencyAttack Attack(ResidualNetwork network, SaliencyAttackOptions options) =>
        new(new SaliencyMaps(network.call, SmoothTwin.Of(network, 10), StudyReference.Normalized, SaliencyMethod.SimpleGradient), options);

    private static ResidualNetwork Network(string name)
    {
        var network = StudyReference.Network(StudyReference.All.GetProperty(name));
        network.eval();
        return network;
    }
}
