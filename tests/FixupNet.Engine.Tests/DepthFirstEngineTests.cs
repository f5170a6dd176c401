using FixupNet.Models;
using FixupNet.Models.Architectures;
using FixupNet.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine.Tests;

public sealed class DepthFirstEngineTests
{
    private DisposeScope _scope = null!;

    [SetUp]
    public void OpenScope()
    {
        if (DepthFirstEngine.Unavailable is { } reason) Assert.Ignore(reason);
        _scope = NewDisposeScope();
    }

    [TearDown]
    public void CloseScope() => _scope?.Dispose();

    [TestCase(ResidualVariant.Fixup, 8, 16, 32, 5, 2)]
    [TestCase(ResidualVariant.Plain, 8, 16, 32, 5, 2)]
    [TestCase(ResidualVariant.Fixup, 20, 8, 28, 3, 2)]
    [TestCase(ResidualVariant.Fixup, 8, 24, 14, 3, 1)]
    [TestCase(ResidualVariant.Fixup, 20, 5, 9, 7, 3)]
    public void Step_GivesTheExactGradient(ResidualVariant variant, int depth, int width, int side, int batch, int workers)
    {
        var options = new ResNetCifarOptions(variant, depth, width);
        using var network = Some.Network("resnet-cifar", options);
        using var gradients = new FlatGradients([.. network.parameters()]);
        var (images, labels) = (Some.Images(batch, side), Some.Labels(batch));
        var (loss, expected) = Some.Reference(network, () => ModelZoo.All["resnet-cifar"].Create(options, Some.ClassCount), images, labels);

        using var engine = new DepthFirstEngine(network, gradients, side, side, new EngineOptions(workers, 2));
        var result = engine.Step(images, labels);

        TestContext.Out.WriteLine(string.Join("\n", engine.Choices));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Loss, Is.EqualTo(loss).Within(1e-5 * loss));
            foreach (var (name, parameter) in network.named_parameters())
            {
                var actual = Some.Values(gradients.Of(parameter));
                var error = Some.Norm(actual.Zip(expected[name], (a, e) => a - e)) / Some.Norm(expected[name]);
                TestContext.Out.WriteLine($"{name} {error:E1}");
                Assert.That(error, Is.LessThan(1e-4), name);
            }
        }
    }
}
