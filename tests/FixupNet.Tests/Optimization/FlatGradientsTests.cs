using FixupNet.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests.Optimization;

public class FlatGradientsTests
{
    [Test]
    public void Backward_AddsInPlace()
    {
        using var scope = NewDisposeScope();
        var (weight, bias) = (new Parameter(ones([2, 3])), new Parameter(ones([1])));
        using var gradients = new FlatGradients([weight, bias]);

        for (var pass = 0; pass < 2; pass++) ((weight * 2).sum() + bias.sum() * 5).backward();

        Assert.Multiple(() =>
        {
            Assert.That(gradients.Span<float>(weight).ToArray(), Has.Length.EqualTo(6).And.All.EqualTo(4f));
            Assert.That(gradients.Of(bias).ToSingle(), Is.EqualTo(10f));
            Assert.That(gradients.Whole.sum().ToSingle(), Is.EqualTo(6 * 4f + 10f));
        });
    }

    [Test]
    public void Zero_ClearsEveryGradient()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(ones([2, 3]));
        using var gradients = new FlatGradients([weight]);
        weight.sum().backward();

        gradients.Zero();

        Assert.That(weight.grad!.data<float>().ToArray(), Has.All.Zero);
    }

    [Test]
    public void Slots_OutliveTheScope()
    {
        var weight = new Parameter(ones([3]));
        FlatGradients gradients;
        using (NewDisposeScope()) gradients = new FlatGradients([weight]);

        Assert.That(gradients.Span<float>(weight).Length, Is.EqualTo(3));
        gradients.Dispose();
    }

    [Test]
    public void Constructor_Throws_WhenThereIsNoParameter() => Assert.That(() => new FlatGradients([]), Throws.ArgumentException);

    [Test]
    public void Constructor_Throws_WhenAParameterIsListedTwice()
    {
        var weight = new Parameter(ones([3]));

        Assert.That(() => new FlatGradients([weight, weight]), Throws.ArgumentException.With.Message.Contains("twice"));
    }

    [Test]
    public void Constructor_Throws_WhenDtypesDiffer()
    {
        Parameter[] parameters = [new(ones([3])), new(ones([3], dtype: ScalarType.Float64))];

        Assert.That(() => new FlatGradients(parameters), Throws.ArgumentException.With.Message.Contains("dtypes"));
    }
}
