using FixupNet.Reporting.Figures;
using FixupNet.Reporting.Results;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class MetricFigureTests
{
    private const double PercentagePrecision = 0.02; // half a tenth of a pixel of 330, on an axis of up to 100 %
    private SweepFixture _fixture = null!;

    [SetUp]
    public void CreateSweep() => _fixture = new SweepFixture();

    [TearDown]
    public void DeleteSweep() => _fixture.Dispose();

    [Test]
    public void Of_ShowsEverySeedWhereItBelongs()
    {
        Add("fixup", 20, 0.91, 0.92, 0.915);
        Add("plain", 20, 0.11);
        Add("fixup", 1202, 0.93, 0.94);

        var drawing = Draw();

        Assert.That(Read(drawing, "seed", "fixup"), Is.EqualTo(new (double, double)[] { (20, 91), (20, 92), (20, 91.5), (1202, 93), (1202, 94.0) }).Using<(double, double)>(Near));
        Assert.That(Read(drawing, "seed", "plain"), Is.EqualTo(new (double, double)[] { (20, 11.0) }).Using<(double, double)>(Near));
    }

    [Test]
    public void Of_JoinsTheMeans()
    {
        Add("fixup", 110, 0.93, 0.94);
        Add("fixup", 20, 0.91, 0.92);
        Add("fixup", 56, 0.5);

        var drawing = Draw();

        var line = Drawing.Points(drawing.Elements("line").Single().Attribute("d")!.Value);
        Assert.That(line.Select(point => (drawing.X(point.X, true), drawing.Y(point.Y, false))),
            Is.EqualTo(new (double, double)[] { (20, 91.5), (56, 50), (110, 93.5) }).Using<(double, double)>(Near));
    }

    [Test]
    public void Of_CountsTheTrialsThatDiverged_BelowTheAxis()
    {
        Add("fixup", 20, 0.9);
        Add("plain", 20, 0.8);
        foreach (var seed in Enumerable.Range(1, 8)) _fixture.Add("plain", 110, seed).WriteSummary(SweepFixture.Diverged(3, null));

        var drawing = Draw();

        var cross = Drawing.Middle(drawing.Elements("diverged", "plain").Single());
        var count = drawing.Elements("diverged-count", "plain").Single();
        Assert.That(count.Value, Is.EqualTo("8 of 8"));
        Assert.That(drawing.X((cross.X + double.Parse(count.Attribute("x")!.Value)) / 2, true), Is.EqualTo(110).Within(8)); // the cross stands after its text
        Assert.That(drawing.Y(cross.Y, false), Is.LessThan(double.Parse(drawing.Labels("y-axis")[0])));
        Assert.That(drawing.Elements("seed"), Has.Count.EqualTo(2)); // the accuracy of a diverged trial is none
        Assert.That(drawing.Texts().Count(text => text == "diverged"), Is.EqualTo(2)); // the strip's name and the legend
    }

    [Test]
    public void Of_SpeaksOfNoDivergence_WhenThereIsNone()
    {
        Add("fixup", 20, 0.9);
        Add("fixup", 110, 0.8);

        var drawing = Draw();

        Assert.That(drawing.Texts(), Has.None.EqualTo("diverged"));
        Assert.That(drawing.Elements("strip"), Is.Empty);
    }

    [Test]
    public void Of_HasATickAtEachDepth()
    {
        foreach (var depth in new[] { 10_000, 20, 110 }) Add("fixup", depth, 0.9);

        Assert.That(Draw().Labels("x-axis"), Is.EqualTo(new[] { "20", "110", "10,000" }));
    }

    [Test]
    public void Of_NamesCurvesByAllOtherKeys()
    {
        foreach (var depth in new[] { 20, 110 })
            foreach (var rate in new[] { 0.1, 0.01 })
                foreach (var variant in new[] { "<b>&", "plain" })
                    _fixture.Add(1, ("model.depth", depth), ("optimizer.learningRate", rate), ("model.variant", variant))
                        .WriteSummary(SweepFixture.Completed(0.5));

        var texts = Draw().Texts();

        Assert.That(texts, Is.SupersetOf(new[]
        {
            "learningRate=0.01, <b>&", "learningRate=0.01, plain", "learningRate=0.1, <b>&", "learningRate=0.1, plain",
        }));
    }

    [Test]
    public void Of_GivesEachCurveItsOwnColourAndShape()
    {
        var variants = Enumerable.Range(0, SeriesStyle.Count + 3).Select(index => $"v{index:00}").ToList();
        foreach (var variant in variants)
            foreach (var depth in new[] { 20, 110 }) Add(variant, depth, 0.5);

        var drawing = Draw();

        var looks = drawing.Elements("line").Select(line => ((string)line.Attribute("stroke")!, (string)line.Attribute("stroke-dasharray")!)).ToList();
        Assert.That(looks, Is.Unique);
        Assert.That(looks, Has.Count.EqualTo(SeriesStyle.Count));
        Assert.That(drawing.Texts(), Has.One.EqualTo("3 more not drawn"));
    }

    [Test]
    public void Of_PutsAllOfACurveAtOnePlace()
    {
        foreach (var depth in new[] { 20, 110 })
        {
            Add("fixup", depth, 0.91, 0.92, 0.93);
            Add("plain", depth, 0.5, 0.55, 0.6);
        }

        var drawing = Draw();

        foreach (var curve in new[] { "fixup", "plain" })
        {
            var means = drawing.Elements("mean", curve).Select(mark => Drawing.Middle(mark).X).ToList();
            var seeds = drawing.Elements("seed", curve).Select(mark => Drawing.Middle(mark).X).Distinct();
            var bars = drawing.Elements("interval", curve).Select(bar => Drawing.Points(bar.Attribute("d")!.Value)[0].X);
            var line = Drawing.Points(drawing.Elements("line", curve).Single().Attribute("d")!.Value).Select(point => point.X);
            Assert.That(means, Has.Count.EqualTo(2));
            Assert.That(seeds, Is.EqualTo(means).Within(0.2)); // of a pixel: corners are rounded to a tenth
            Assert.That(bars, Is.EqualTo(means).Within(0.2));
            Assert.That(line, Is.EqualTo(means).Within(0.2));
        }
        Assert.That(drawing.Elements("mean", "fixup").Select(mark => drawing.Y(Drawing.Middle(mark).Y, false)), Is.EqualTo(new[] { 92, 92 }).Within(0.1));
    }

    [Test]
    public void Of_DrawsABand_WhenThereAreManySeeds()
    {
        foreach (var depth in new[] { 20, 110 }) Add("fixup", depth, 0.91, 0.92, 0.93, 0.92, 0.91, 0.93, 0.92, 0.92);

        var drawing = Draw();

        Assert.That((drawing.Elements("band").Count, drawing.Elements("interval").Count, drawing.Elements("seed").Count), Is.EqualTo((1, 0, 16)));
    }

    [Test]
    public void Of_GivesIntervalsOfTwoSeedsNoRoom()
    {
        foreach (var depth in new[] { 20, 110 }) Add("fixup", depth, 0.91, 0.93); // interval 79.3 % to 100 %

        var drawing = Draw();

        Assert.That(double.Parse(drawing.Labels("y-axis")[0]), Is.GreaterThan(89));
        Assert.That(drawing.Elements("interval").Select(bar => bar.Attribute("d")!.Value), Has.All.Not.Contain("h8")); // cut off: no caps
    }

    [Test]
    public void Of_DrawsTheLearningRate_WhenThereIsOneDepth()
    {
        foreach (var rate in new[] { 0.001, 0.01, 0.1 })
            _fixture.Add(1, ("optimizer.learningRate", rate), ("model.variant", "fixup")).WriteSummary(SweepFixture.Completed(rate));

        var figure = Figure()!;

        Assert.That((figure.Name, figure.Title, figure.X.Caption), Is.EqualTo(
            ("accuracy-against-learning-rate", "Test accuracy against learning rate", "learning rate (optimizer.learningRate), log scale")));
        Assert.That(figure.Curves.Single().Lines.Single().Points, Is.EqualTo(new ChartPoint[] { new(0.001, 0.1), new(0.01, 1), new(0.1, 10) }));
    }

    [Test]
    public void Of_PutsConfigurationsSideBySide_WhenNoKeyIsANumber()
    {
        Add("fixup", 20, 0.9);
        Add("plain", 20, 0.8);

        var drawing = Draw();

        Assert.That(drawing.Labels("x-axis"), Is.EqualTo(new[] { "fixup", "plain" }));
        Assert.That(drawing.Elements("mean"), Has.Count.EqualTo(2));
    }

    [Test]
    public void Of_IsNull_WhenThereIsOneConfiguration()
    {
        Add("fixup", 20, 0.9);

        Assert.That(Figure(), Is.Null);
    }

    [Test]
    public void Of_IsNull_WhenNoTrialHasEnded()
    {
        _fixture.Add("fixup", 20, 1);
        _fixture.Add("fixup", 110, 1);

        Assert.That(Figure(), Is.Null);
    }

    [Test]
    public void Of_ShowsCrossesAlone_WhenAllDiverged()
    {
        foreach (var depth in new[] { 20, 110 }) _fixture.Add("plain", depth, 1).WriteSummary(SweepFixture.Diverged(3, null));

        var drawing = Draw();

        Assert.That((drawing.Elements("diverged").Count, drawing.Elements("seed").Count), Is.EqualTo((2, 0)));
    }

    private void Add(string variant, int depth, params double[] accuracies)
    {
        for (var seed = 0; seed < accuracies.Length; seed++)
            _fixture.Add(variant, depth, seed + 1).WriteSummary(SweepFixture.Completed(accuracies[seed]));
    }

    private Drawing Draw() => new(Figure()!.ToSvg());

    private Chart? Figure()
    {
        var results = SweepResults.Read(_fixture.Sweep.Root);
        var axis = SweepAxis.Of(results);
        return MetricFigure.Of(results.Metrics.Results[0], axis, SweepSeries.Of(results, axis));
    }

    private static IEnumerable<(double, double)> Read(Drawing drawing, string kind, string curve) =>
        drawing.Elements(kind, curve).Select(Drawing.Middle).Select(mark => (drawing.X(mark.X, true), drawing.Y(mark.Y, false)));

    // Seeds of different curves stand a few pixels beside each other.
    private static bool Near((double Depth, double Percentage) drawn, (double Depth, double Percentage) expected) =>
        Math.Abs(drawn.Depth / expected.Depth - 1) < 0.05 && Math.Abs(drawn.Percentage - expected.Percentage) < PercentagePrecision;
}
