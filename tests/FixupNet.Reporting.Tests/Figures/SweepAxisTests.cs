using FixupNet.Reporting.Figures;
using FixupNet.Reporting.Results;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class SweepAxisTests
{
    private SweepFixture _fixture = null!;

    [SetUp]
    public void CreateSweep() => _fixture = new SweepFixture();

    [TearDown]
    public void DeleteSweep() => _fixture.Dispose();

    [Test]
    public void Of_IsTheDepth_WhenItVaries()
    {
        foreach (var depth in new[] { 20, 110 })
            foreach (var rate in new[] { 0.1, 0.2, 0.3 }) _fixture.Add(1, ("optimizer.learningRate", rate), ("model.depth", depth));

        Assert.That(Axis(), Is.EqualTo(new SweepAxis("model.depth", AxisScale.Values)));
    }

    [Test]
    public void Of_IsTheNumericKeyWithTheMostValues_WhenThereIsOneDepth()
    {
        foreach (var width in new[] { 16, 32 })
            foreach (var rate in new[] { 0.01, 0.1, 1 }) _fixture.Add(1, ("model.width", width), ("optimizer.learningRate", rate));

        Assert.That((Axis().Key, Axis().Name, Axis().Phrase), Is.EqualTo(("optimizer.learningRate", "learning rate", "against learning rate")));
    }

    [TestCase(0, 0.9, false)] // a logarithmic axis has no 0
    [TestCase(1, 2, false)]
    [TestCase(0.01, 1, true)]
    public void Of_IsLogarithmic_WhenValuesAreFarApart(double least, double most, bool expected)
    {
        foreach (var value in new[] { least, most }) _fixture.Add(1, ("optimizer.momentum", value));

        Assert.That(Axis().Scale == AxisScale.Values, Is.EqualTo(expected));
    }

    [Test]
    public void Of_NeedsANumberOfEveryGroup()
    {
        _fixture.Add(1, ("training.microBatchSize", 8));
        _fixture.Add(1, ("training.microBatchSize", "auto"));

        Assert.That(Axis(), Is.EqualTo(new SweepAxis(null, AxisScale.Names)));
    }

    private SweepAxis Axis() => SweepAxis.Of(SweepResults.Read(_fixture.Sweep.Root));
}
