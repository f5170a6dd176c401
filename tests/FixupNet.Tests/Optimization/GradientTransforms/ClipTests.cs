using FixupNet.Optimization;
using FixupNet.Optimization.GradientTransforms;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FixupNet.Tests.Optimization.GradientTransforms;

public sealed class ClipTests
{
    // ‖(3, 4, 12)‖ = 13 over two parameters; PyTorch's factor is 6.5/(13 + 1e-6).
    [TestCase(6.5, 6.5 / (13 + 1e-6), 1)]
    [TestCase(13.1, 1, 0)]
    public void ClipNorm_ScalesTheWholeGradient(double maxNorm, double factor, double clipped)
    {
        using var scope = NewDisposeScope();
        using var optimizer = With([3, 4], [12]);

        var reading = Create(optimizer, "clip-norm", new ClipNormOptions(maxNorm)).Apply();

        Assert.Multiple(() =>
        {
            Assert.That(Gradients(optimizer), Is.EqualTo(new[] { 3 * factor, 4 * factor, 12 * factor }).Within(1e-14)); // double rounding
            Assert.That(reading, Is.EqualTo(new TransformReading("clip-norm", clipped)));
        });
    }

    [Test]
    public void ClipValue_BringsEveryElementIntoRange()
    {
        using var scope = NewDisposeScope();
        using var optimizer = With([-3, 0.5], [12, 1]);

        var reading = Create(optimizer, "clip-value", new ClipValueOptions(1)).Apply();

        Assert.Multiple(() =>
        {
            Assert.That(Gradients(optimizer), Is.EqualTo(new[] { -1, 0.5, 1, 1 }));
            Assert.That(reading, Is.EqualTo(new TransformReading("clip-value", 0.5)));
        });
    }

    [Test]
    public void Create_RefusesOptionsOutOfRange()
    {
        using var optimizer = With([1], [1]);

        Assert.That(() => Create(optimizer, "clip-norm", new ClipNormOptions(0)), Throws.ArgumentException);
    }

    private static Sgd With(double[] first, double[] second)
    {
        (string, Parameter)[] parameters = [("first", new Parameter(zeros([first.Length], ScalarType.Float64))), ("second", new Parameter(zeros([second.Length], ScalarType.Float64)))];
        var optimizer = new Sgd(parameters, new SgdOptions());
        foreach (var (parameter, values) in optimizer.Gradients.Parameters.Zip([first, second])) optimizer.Gradients.Of(parameter).copy_(tensor(values));
        return optimizer;
    }

    private static IGradientTransform Create(Sgd optimizer, string name, object options) => GradientTransformRegistry.All[name].Create(
        new TransformTarget([.. optimizer.Groups.SelectMany(group => group.Parameters)], optimizer.Gradients, null, new HashSet<string>()), options);

    private static double[] Gradients(Sgd optimizer) =>
        [.. optimizer.Gradients.Parameters.SelectMany(parameter => optimizer.Gradients.Of(parameter).data<double>().ToArray())];
}
