using FixupNet.Analysis;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Tests.Analysis;

/// <summary>Masks by magnitude, and histories of examples, against the reference.</summary>
public sealed class MagnitudePruningTests
{
    private static IEnumerable<string> Networks => StudyReference.NetworksOf("pruning");

    [TestCaseSource(nameof(Networks))]
    public void Masks_EqualPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var expected = StudyReference.All.GetProperty(name);
        foreach (var (scopeOfPruning, part) in ((PruningScope, string)[])[(PruningScope.Global, "global"), (PruningScope.Layerwise, "layerwise")])
        {
            using var network = StudyReference.Network(expected);
            network.eval();
            var weights = network.named_parameters().Where(item => item.parameter.dim() == 4).OrderBy(item => item.name, StringComparer.Ordinal).ToList();
            var (images, row) = (ReferenceTraining.Images(32, 32, ScalarType.Float64), expected.GetProperty(part));
            using var mode = no_grad();
            var before = Loss();

            var masks = MagnitudePruning.Masks([.. weights.Select(item => (Tensor)item.parameter)], expected.Number("sparsity"), scopeOfPruning);
            foreach (var ((_, weight), mask) in weights.Zip(masks)) weight.mul_(mask);

            using (Assert.EnterMultipleScope())
            {
                Assert.That((before, Loss()), Is.EqualTo((expected.Number("loss_before"), row.Number("loss_after"))).Within(1e-9));
                Assert.That(masks.Sum(mask => mask.sum().ToDouble()), Is.EqualTo(row.Number("kept")));
                foreach (var ((layer, weight), mask) in weights.Zip(masks))
                    Assert.That(new[] { mask.numel(), mask.sum().ToDouble(), weight.abs().sum().ToDouble() }, Is.EqualTo(row.GetProperty("tensor: [weights, kept, L1 kept]").Numbers(layer)).Within(1e-9), layer);
            }

            double Loss() => nn.functional.cross_entropy(network.call(images), tensor([0L, 1L, 2L, 3L])).ToDouble();
        }
    }

    [Test]
    public void Masks_LeaveOutExactlyTheShareOfWhatIsStillThere()
    {
        using var scope = NewDisposeScope();
        var weights = new[] { tensor([1.0, -1, 1, 4]), tensor([-3.0, 0.5]) };

        var first = MagnitudePruning.Masks(weights, 0.5, PruningScope.Global);
        var second = MagnitudePruning.Masks(weights, 1.0 / 3, PruningScope.Global, first);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Select(mask => mask.data<double>().ToArray()), Is.EqualTo(new[] { new double[] { 0, 0, 1, 1 }, [1, 0] }));
            Assert.That(second.Select(mask => mask.data<double>().ToArray()), Is.EqualTo(new[] { new double[] { 0, 0, 0, 1 }, [1, 0] }));
            Assert.That(() => MagnitudePruning.Masks(weights, 1.5, PruningScope.Global), Throws.TypeOf<ArgumentOutOfRangeException>());
        }
    }

    [Test]
    public void Histories_EqualTheReference()
    {
        var expected = StudyReference.All.GetProperty("forgetting");
        var runs = expected.GetProperty("runs").EnumerateArray()
            .Select(run => run.GetProperty("history").EnumerateArray().Select(history => ExampleHistory.Of([.. history.GetString()!.Select(digit => digit == '1')])).ToList()).ToList();

        using (Assert.EnterMultipleScope())
        {
            foreach (var (run, row) in runs.Zip(expected.GetProperty("runs").EnumerateArray()))
            {
                Assert.That(run.Select(example => example.Score), Is.EqualTo(row.GetProperty("examples").EnumerateArray().Select(example => example.GetProperty("count").GetInt32())));
                Assert.That(run.SelectMany(example => example.ForgottenAt), Is.EqualTo(row.GetProperty("examples").EnumerateArray().SelectMany(example => example.Numbers("forgotten_at"))));
                Assert.That(run.Index().Where(item => item.Item.IsUnforgettable).Select(item => item.Index), Is.EqualTo(row.Numbers("unforgettable")));
                Assert.That(run.Index().Where(item => item.Item.FirstLearned is null).Select(item => item.Index), Is.EqualTo(row.Numbers("never_learned")));
            }
            Assert.That(ExampleHistory.Order(runs), Is.EqualTo(expected.Numbers("order")));
        }
    }

    [TestCase("0011", 2, 2)]
    [TestCase("1111", 0, 0)]
    [TestCase("1010", 0, 4)]
    [TestCase("0000", null, 4)]
    public void AHistory_TellsWhenItWasLearned(string right, int? first, int presentationsToLearn)
    {
        var history = ExampleHistory.Of([.. right.Select(digit => digit == '1')]);

        Assert.That((history.FirstLearned, history.PresentationsToLearn), Is.EqualTo((first, presentationsToLearn)));
    }
}
