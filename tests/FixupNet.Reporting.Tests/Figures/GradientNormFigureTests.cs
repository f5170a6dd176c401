using System.Text;
using FixupNet.Reporting.Figures;
using FixupNet.Reporting.Results;
using FixupNet.Runs;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class GradientNormFigureTests
{
    private SweepFixture _fixture = null!;

    [SetUp]
    public void CreateSweep() => _fixture = new SweepFixture();

    [TearDown]
    public void DeleteSweep() => _fixture.Dispose();

    [Test]
    public void Of_ShowsTheLastStepOfEveryVariantAtTheLargestDepth()
    {
        Write(_fixture.Add("fixup", 110, 1), [9, 9, 9], [1e-3, 2e-7, 0.5]);
        Write(_fixture.Add("fixup", 110, 2), [8, 8, 8]);
        Write(_fixture.Add("fixup", 20, 1), [7, 7]);
        Write(_fixture.Add("plain", 110, 1), [1e-30, 1e-20, 1e-10]);

        var drawing = Draw();

        Assert.That(Line(drawing, "fixup"), Is.EqualTo(new (double, double)[] { (1, 1e-3), (2, 2e-7), (3, 0.5) }).Using<(double, double)>(Near));
        Assert.That(Line(drawing, "plain"), Is.EqualTo(new (double, double)[] { (1, 1e-30), (2, 1e-20), (3, 1e-10) }).Using<(double, double)>(Near));
    }

    [Test]
    public void Of_LabelsTinyNormsByTheirPower()
    {
        Write(_fixture.Add("plain", 110, 1), [1e-30, 1]);

        Assert.That(Draw().Labels("y-axis"), Is.EqualTo(new[] { "10^-30", "10^-25", "10^-20", "10^-15", "10^-10", "10^-5", "10^0" }));
    }

    [Test]
    public void Of_ShowsZerosAndNonFiniteNormsInStrips()
    {
        Write(_fixture.Add("plain", 110, 1), [1, 0, 0, 0.1, double.PositiveInfinity, double.NaN, 0]);

        var drawing = Draw();

        Assert.That(Layers(drawing, "zero"), Is.EqualTo(new[] { 2, 3, 7 }).Within(0.01));
        Assert.That(Layers(drawing, "non-finite"), Is.EqualTo(new[] { 5, 6 }).Within(0.01));
        Assert.That(drawing.Elements("strip-label").Select(label => label.Value), Is.EqualTo(new[] { "∞, NaN", "0" }));
        Assert.That(Places(drawing, "zero").Select(place => drawing.Y(place.Y, true)), Is.All.LessThan(0.1));
        Assert.That(Places(drawing, "non-finite").Select(place => drawing.Y(place.Y, true)), Is.All.GreaterThan(1));
    }

    [Test]
    public void Of_HasNoStrip_WhenALogarithmicAxisShowsAll()
    {
        Write(_fixture.Add("plain", 110, 1), [1, 0.1]);

        Assert.That(Draw().Elements("strip"), Is.Empty);
    }

    [Test]
    public void Of_ShowsStripsAlone_WhenNoNormIsANumberAboveZero()
    {
        Write(_fixture.Add("plain", 110, 1), [0, 0, double.NegativeInfinity]);

        var drawing = Draw();

        Assert.That(drawing.Elements("line"), Is.Empty);
        Assert.That((Layers(drawing, "zero").Count(), Layers(drawing, "non-finite").Count()), Is.EqualTo((2, 1)));
    }

    [Test]
    public void Of_StaysSmallAndKeepsTheExtremes_WhenThereAreThousandsOfLayers()
    {
        var norms = Enumerable.Range(0, 10_000).Select(layer => 1e-3 * (1 + layer % 7)).ToArray();
        (norms[4321], norms[8765]) = (1e-12, 1e6);
        foreach (var variant in new[] { "fixup", "batchnorm", "plain" }) Write(_fixture.Add(variant, 10_000, 1), norms);

        var svg = Figure()!.ToSvg();

        var drawing = new Drawing(svg);
        var line = Line(drawing, "fixup").ToList();
        Assert.That(Encoding.UTF8.GetByteCount(svg), Is.LessThan(300_000));
        Assert.That(line, Has.Count.GreaterThan(1000));
        Assert.That(line.GroupBy(point => Math.Round(point.Layer / 10_000 * 608)).Max(column => column.Count()), Is.LessThanOrEqualTo(4)); // two, seen through rounding
        Assert.That(line.MinBy(point => point.Norm), Is.EqualTo((4322.0, 1e-12)).Using<(double, double)>(Near));
        Assert.That(line.MaxBy(point => point.Norm), Is.EqualTo((8766.0, 1e6)).Using<(double, double)>(Near));
    }

    [Test]
    public void Of_SaysWhatItShows()
    {
        Write(_fixture.Add("fixup", 1202, 5), [1, 2], [1, 2]);
        Write(_fixture.Add("plain", 1202, 5), [1, 2]);
        _fixture.Add("fixup", 20, 5);

        var texts = Draw().Texts();

        Assert.That(texts, Is.SupersetOf(new[] { "layer in forward order, <0> … <1> – depth 1,202, seed 5", "fixup (step 10)", "plain (step 0)" }));
    }

    [Test]
    public void Of_TakesTheLargestDepthWithARecord_WhileTheSweepRuns()
    {
        Write(_fixture.Add("fixup", 20, 1), [1, 2, 4]);
        _fixture.Add("fixup", 110, 1);

        Assert.That(Draw().Texts(), Has.One.Contain("depth 20"));
    }

    [Test]
    public void Of_NeedsNoDepth()
    {
        Write(_fixture.Add(1, ("model.variant", "fixup")), [1, 2]);
        Write(_fixture.Add(1, ("model.variant", "plain")), [1, 2]);

        Assert.That(Draw().Elements("curve"), Has.Count.EqualTo(2));
    }

    [Test]
    public void Of_IsNull_WhenNoNormsWereRecorded()
    {
        _fixture.Add("fixup", 20, 1).WriteSummary(SweepFixture.Completed(0.5));
        _fixture.Add("fixup", 110, 1);

        Assert.That(Figure(), Is.Null);
    }

    private static void Write(TrialDirectory trial, params double[][] steps)
    {
        using var writer = new JsonLinesWriter(trial.GradientNormsFile);
        writer.Write(new GradientNormsHeader([.. steps[0].Select((_, layer) => $"<{layer}>")]));
        for (var index = 0; index < steps.Length; index++) writer.Write(new GradientNormsLine(index * 10, index, 1, steps[index]));
    }

    private Chart? Figure()
    {
        var results = SweepResults.Read(_fixture.Sweep.Root);
        var axis = SweepAxis.Of(results);
        return GradientNormFigure.Of(axis, SweepSeries.Of(results, axis));
    }

    private Drawing Draw() => new(Figure()!.ToSvg());

    private static IEnumerable<(double Layer, double Norm)> Line(Drawing drawing, string curve) =>
        Drawing.Points(drawing.Elements("line", curve).Single().Attribute("d")!.Value)
            .Select(point => (drawing.X(point.X, false), drawing.Y(point.Y, true)));

    private static IEnumerable<(double X, double Y)> Places(Drawing drawing, string kind) =>
        drawing.Elements(kind).SelectMany(path => Drawing.Points(path.Attribute("d")!.Value));

    private static IEnumerable<double> Layers(Drawing drawing, string kind) => Places(drawing, kind).Select(place => drawing.X(place.X, false));

    // A tenth of a pixel is 1.6 of 10,000 layers and 0.03 of 30 decades.
    private static bool Near((double Layer, double Norm) drawn, (double Layer, double Norm) expected) =>
        Math.Abs(drawn.Layer - expected.Layer) < Math.Max(0.01, expected.Layer * 0.0004) && Math.Abs(Math.Log10(drawn.Norm / expected.Norm)) < 0.02;
}
