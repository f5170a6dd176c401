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
}
