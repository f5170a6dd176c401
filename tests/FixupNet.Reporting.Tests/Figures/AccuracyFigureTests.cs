using FixupNet.Reporting.Figures;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class AccuracyFigureTests
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
    public void Of_ShowsACrossForEachTrialThatDiverged_BelowTheAxis()
    {
        Add("fixup", 20, 0.9);
        Add("plain", 20, 0.8);
        foreach (var seed in new[] { 1, 2 }) _fixture.Add("plain", 110, seed).WriteSummary(SweepFixture.Diverged(3, null));

        var drawing = Draw();

        var crosses = drawing.Elements("diverged").Select(Drawing.Middle).ToList();
        Assert.That(crosses.Select(cross => drawing.X(cross.X, true)), Is.EqualTo(new[] { 110, 110 }).Within(0.1)); // a tenth of a pixel
        Assert.That(crosses.Select(cross => drawing.Y(cross.Y, false)), Is.Unique.And.All.LessThan(double.Parse(drawing.Labels("y-axis")[0])));
        Assert.That(drawing.Elements("seed"), Has.Count.EqualTo(2)); // the accuracy of a diverged trial is none
        Assert.That(drawing.Texts(), Has.One.EqualTo("diverged"));
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
    public void Of_IsNull_WhenThereIsOneDepth()
    {
        Add("fixup", 20, 0.9);
        Add("plain", 20, 0.9);

        Assert.That(AccuracyFigure.Of(SweepSeries.Of(SweepResults.Read(_fixture.Sweep.Root))), Is.Null);
    }

    [Test]
    public void Of_IsNull_WhenNoTrialHasEnded()
    {
        _fixture.Add("fixup", 20, 1);
        _fixture.Add("fixup", 110, 1);

        Assert.That(AccuracyFigure.Of(SweepSeries.Of(SweepResults.Read(_fixture.Sweep.Root))), Is.Null);
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

    private Drawing Draw() => new(AccuracyFigure.Of(SweepSeries.Of(SweepResults.Read(_fixture.Sweep.Root)))!.ToSvg());

    private static IEnumerable<(double, double)> Read(Drawing drawing, string kind, string curve) =>
        drawing.Elements(kind, curve).Select(Drawing.Middle).Select(mark => (drawing.X(mark.X, true), drawing.Y(mark.Y, false)));

    // Seeds of different curves stand a few pixels beside each other.
    private static bool Near((double Depth, double Percentage) drawn, (double Depth, double Percentage) expected) =>
        Math.Abs(drawn.Depth / expected.Depth - 1) < 0.05 && Math.Abs(drawn.Percentage - expected.Percentage) < PercentagePrecision;
}
