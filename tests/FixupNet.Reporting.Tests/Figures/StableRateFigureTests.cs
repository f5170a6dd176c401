using FixupNet.Reporting.Figures;
using FixupNet.Reporting.Results;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class StableRateFigureTests
{
    private SweepFixture _fixture = null!;

    [SetUp]
    public void CreateSweep() => _fixture = new SweepFixture();

    [TearDown]
    public void DeleteSweep() => _fixture.Dispose();

    [Test]
    public void Of_TakesTheLargestRateBelowWhichNothingDiverged()
    {
        Add(20, (0.01, true), (0.1, true), (1, false));
        Add(110, (0.01, true), (0.1, false), (1, true)); // that 1 happened to survive does not make it stable

        var curve = Figure()!.Curves.Single();

        Assert.That(curve.Lines.Single().Points, Is.EqualTo(new ChartPoint[] { new(20, 0.1), new(110, 0.01) }));
    }

    [Test]
    public void Of_DrawsACross_WhenTheSmallestRateDiverged()
    {
        Add(20, (0.01, true), (0.1, true));
        Add(110, (0.01, false), (0.1, false));

        var curve = Figure()!.Curves.Single();

        Assert.That((curve.Lines.Single().Points.Count, curve.Crosses.Single().X), Is.EqualTo((1, 110)));
    }

    [Test]
    public void Of_SaysWhenTheGridEnds()
    {
        Add(20, (0.01, true), (0.1, true));
        Add(110, (0.01, true), (0.1, false));

        var figure = Figure()!;

        Assert.That(figure.Description, Does.Contain("depth 20: 0.1 or more, the largest tried").And.Contain("depth 110: 0.01."));
        Assert.That(figure.Curves.Single().FullLabel, Is.EqualTo("(lower bound at 20)"));
    }

    [Test]
    public void Of_SaysNothingOfTheGridInTheLegend_WhenItHoldsEveryLimit()
    {
        Add(20, (0.01, true), (0.1, false));
        Add(110, (0.01, true), (0.1, false));

        Assert.That(Figure()!.Curves.Single().FullLabel, Is.Empty);
    }

    [Test]
    public void Of_IgnoresRatesThatHaveNotEnded()
    {
        Add(20, (0.01, true));
        _fixture.Add(1, ("model.depth", 20), ("optimizer.learningRate", 0.1));
        Add(110, (0.01, true), (0.1, true));

        Assert.That(Figure()!.Curves.Single().Lines.Single().Points, Is.EqualTo(new ChartPoint[] { new(20, 0.01), new(110, 0.1) }));
    }

    [Test]
    public void Of_HasADotForTheLargestRateOfEachSeed()
    {
        foreach (var depth in (int[])[20, 110])
            foreach (var (rate, seed, isStable) in ((double, int, bool)[])[(0.1, 1, true), (0.1, 2, true), (1, 1, true), (1, 2, false)])
                _fixture.Add(seed, ("model.depth", depth), ("optimizer.learningRate", rate))
                    .WriteSummary(isStable ? SweepFixture.Completed(0.5) : SweepFixture.Diverged(3, null));

        var curve = Figure()!.Curves.Single();

        Assert.That(curve.Lines.Single().Points, Is.EqualTo(new ChartPoint[] { new(20, 0.1), new(110, 0.1) }));
        Assert.That(curve.Dots, Is.EquivalentTo(new ChartPoint[] { new(20, 0.1), new(20, 1), new(110, 0.1), new(110, 1) }));
    }

    [Test]
    public void Of_IsNull_WhenThereIsOneRate()
    {
        Add(20, (0.01, true));
        Add(110, (0.01, true));

        Assert.That(Figure(), Is.Null);
    }

    [Test]
    public void Of_CountsADeadNetworkAsUnstable()
    {
        Add(20, (0.01, true), (0.1, true));
        Add(110, (0.01, true));
        var completed = SweepFixture.Completed(0.1);
        _fixture.Add(1, ("model.depth", 110), ("optimizer.learningRate", 0.1))
            .WriteSummary(completed with { GradientNorms = completed.GradientNorms! with { DeadSinceStep = 12 } });

        Assert.That(Figure()!.Curves.Single().Lines.Single().Points[^1], Is.EqualTo(new ChartPoint(110, 0.01)));
    }

    [Test]
    public void Of_FitsThePowerOfDepth_ThroughTheSeeds()
    {
        foreach (var (depth, stable) in ((int, double)[])[(10, 1), (100, 0.1), (1000, 0.01)])
            Add(depth, [.. ((double[])[0.001, 0.01, 0.1, 1, 10]).Select(rate => (rate, rate <= stable))]);

        Assert.That(Figure()!.Description, Does.Contain("Proportional to depth to the power -1.00 (95 % interval -1.00 to -1.00, least squares through the 3 values"));
    }

    [Test]
    public void Of_DrawsTheRateOfAGroupOfParameters()
    {
        foreach (var depth in (int[])[20, 110])
            foreach (var factor in (double[])[0.01, 0.1])
                _fixture.Add(1, ("model.depth", depth), ("optimizer.scalarLearningRateFactor", factor)).WriteSummary(SweepFixture.Completed(0.5));

        Assert.That((Figure()!.Name, Figure()!.Title), Is.EqualTo(
            ("stable-scalar-learning-rate-factor-against-depth", "Largest stable scalar learning rate factor against depth")));
    }

    private void Add(int depth, params (double Rate, bool IsStable)[] rates)
    {
        foreach (var (rate, isStable) in rates)
            _fixture.Add(1, ("model.depth", depth), ("optimizer.learningRate", rate))
                .WriteSummary(isStable ? SweepFixture.Completed(0.5) : SweepFixture.Diverged(3, null));
    }

    private Chart? Figure() => (Chart?)StableRateFigure.Of(SweepResults.Read(_fixture.Sweep.Root)).SingleOrDefault();
}
