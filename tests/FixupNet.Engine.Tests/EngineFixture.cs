using FixupNet.Execution;
using FixupNet.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace FixupNet.Engine.Tests;

/// <summary>Base of tests of the engine, each in a dispose scope of its own.</summary>
public abstract class EngineFixture
{
    private DisposeScope? _scope;

    [SetUp]
    public void OpenScope()
    {
        _scope = NewDisposeScope();
    }

    [TearDown]
    public void CloseScope() => _scope?.Dispose();

    protected static void AssertClose(Dictionary<string, double[]> actual, Dictionary<string, double[]> expected, double tolerance)
    {
        using var all = Assert.EnterMultipleScope();
        Assert.That(actual.Keys, Is.EquivalentTo(expected.Keys));
        foreach (var (name, values) in expected) Assert.That(Some.Error(actual[name], values), Is.LessThan(tolerance), name);
    }

    /// <summary>What is furthest from the reference, and how far all gradients together are, in each of three batches.</summary>
    private protected static (double OfLoss, double OfGradient, double OfWhole)[] LargestErrors(
        ResidualNetwork network, object options, DepthFirstEngine engine, FlatGradients gradients, int batch, int side) =>
        [.. new ulong[] { 2, 3, 4 }.Select(seed => LargestErrors(network, options, engine, gradients, Some.Images(batch, side, seed)))];

    private static (double OfLoss, double OfGradient, double OfWhole) LargestErrors(
        ResidualNetwork network, object options, DepthFirstEngine engine, FlatGradients gradients, Tensor images)
    {
        var labels = Some.Labels((int)images.shape[0]);
        var (loss, expected) = Some.Reference(network, options, images, labels);
        var result = engine.Step(images, labels);
        var actual = Some.Gradients(network, gradients);
        double[] All(Dictionary<string, double[]> gradientsByName) => [.. expected.Keys.SelectMany(name => gradientsByName[name])];
        return (Math.Abs(result.Loss - loss) / loss, expected.Max(item => Some.Error(actual[item.Key], item.Value)), Some.Error(All(actual), All(expected)));
    }
}
