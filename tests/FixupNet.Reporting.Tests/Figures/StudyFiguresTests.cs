using System.Globalization;
using System.Text.Json;
using FixupNet.Reporting.Results;
using FixupNet.Reporting.Tests.Page;
using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Figures;

/// <summary>What studies found, as figures of the report.</summary>
public sealed class StudyFiguresTests
{
    private SweepFixture _fixture = null!;

    [SetUp]
    public void CreateSweep() => StudySweep.Fill(_fixture = new SweepFixture());

    [TearDown]
    public void DeleteSweep() => _fixture.Dispose();

    [Test]
    public void Curve_ShowsTheMeanOfTheSeeds_AtEachDepth_InTheColourOfItsMethod()
    {
        var drawing = Draw("everything-accuracy-against-depth-20");
        var means = drawing.Elements("mean", "fixup").Select(Drawing.Middle).ToList();

        using (Assert.EnterMultipleScope())
        {
            var expected = new[] { 0, 0.01, 0.05 }.Select(epsilon => 100 * new[] { 1, 2, 3 }.Average(seed => StudySweep.Accuracy("fixup", 20, seed, epsilon)));
            Assert.That(means.Select(mean => drawing.Y(mean.Y, false)), Is.EqualTo(expected).Within(0.2));
            Assert.That(drawing.Elements("seed", "fixup"), Has.Count.EqualTo(9));
            Assert.That(drawing.Elements("band", "fixup"), Has.Count.EqualTo(1));
            Assert.That((string?)drawing.Elements("line", "plain").Single().Attribute("stroke"), Is.EqualTo("#009E73"), "of plain networks in every figure");
            Assert.That(drawing.Texts(), Has.Some.EqualTo("accuracy (%)").And.Some.EqualTo("95 % interval of the mean"));
        }
    }

    [Test]
    public void Curve_OfManyPoints_IsALineASeed_AlsoBelowZero()
    {
        var drawing = Draw("everything-density-of-the-spectrum-depth-8");
        var ends = drawing.Elements("line", "fixup").Select(line => Drawing.Points(line.Attribute("d")!.Value)).ToList();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(ends, Has.Count.EqualTo(3));
            Assert.That(ends.Select(points => drawing.X(points[0].X, false)), Is.EqualTo(new[] { -10, -20, -30 }).Within(0.3), "each with places of its own");
            Assert.That(drawing.Labels("y-axis"), Has.Some.EqualTo("10^0"), "powers of ten");
        }
    }

    [Test]
    public void PointsFarFromZero_FillTheAxis()
    {
        var drawing = Draw("everything-new-against-old-depth-20");

        Assert.That(drawing.Labels("x-axis").Select(label => double.Parse(label, CultureInfo.InvariantCulture)), Has.All.InRange(42, 46));
        Assert.That(drawing.Elements("line", "fixup").Concat(drawing.Elements("seed", "fixup")), Is.Not.Empty);
    }

    [Test]
    public void Matrix_HasTheMeanOfTheSeeds_InEveryCell()
    {
        var drawing = Draw("everything-accuracy-by-task-plain-depth-8");

        Assert.That(drawing.Texts(), Is.SupersetOf(new[] { "82.0", "10.0", "100.0", "after task", "on task", "first", "second" }));
        Assert.That(drawing.Elements("cell").Select(cell => (string?)cell.Attribute("fill")), Is.EqualTo(new[] { "#6dcd59", "#ffffff", "#482878", "#fde725" }));
    }

    [Test]
    public void Page_ShowsEachFigure_BesideTheTableOfItsStudy()
    {
        var page = PageFile.Render(_fixture);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page, Does.Contain("data-figure=\"everything-accuracy-against-depth-20\"").And.Contain("\"everything-accuracy-against-depth-20\":{"));
            Assert.That(page, Does.Contain("class=\"number heat-7\" title=\"first, first: 82.0 ± 1.0 %\">82.0<"));
            Assert.That(page, Does.Contain("alt=\"image 0 &lt;cat&gt;, map\""));
            Assert.That(page, Does.Contain("<h4>Maps: plain, depth 8, seed 1</h4>"), "of one network a configuration");
        }
    }

    [TestCase("matrices", """[{"name":"m","rows":"r","columns":"c","rowNames":["a"],"columnNames":["b"],"values":[[1,2]]}]""")]
    [TestCase("pictures", """[{"name":"p","rowNames":["a"],"columnNames":["b"],"width":2,"height":2,"pixels":[["AAA="]]}]""")]
    [TestCase("curves", """[{"name":"c","x":"x","y":"y","xs":[1,2],"ys":[1]}]""")]
    public void Read_RefusesADamagedRecord_ByItsFile(string member, string value)
    {
        var trial = _fixture.Add(9, ("model.depth", 8), ("model.variant", "fixup"));
        Directory.CreateDirectory(trial.StudiesFolder);
        var members = new Dictionary<string, string> { ["study"] = "\"mine\"", ["options"] = "{}", ["values"] = "[]", ["curves"] = "[]", ["elapsedSeconds"] = "1", [member] = value };
        File.WriteAllText(trial.StudyFile("mine"), $"{{{string.Join(',', members.Select(pair => $"\"{pair.Key}\":{pair.Value}"))}}}");

        Assert.That(Assert.Throws<InvalidDataException>(() => PageFile.Render(_fixture))!.Message, Does.StartWith(trial.StudyFile("mine")));
    }

    [Test]
    public void Page_ShowsWhatWasAskedOfTheSweepAsAWhole()
    {
        Directory.CreateDirectory(_fixture.Sweep.StudiesFolder);
        RunJson.WriteFile(_fixture.Sweep.StudyFile("tuning"), new StudyRecord(
            "tuning", JsonSerializer.SerializeToElement(new { }), null, [new("fixup: best of all", 0.5, "share"), new("plain: best of all", 0.25, "share")],
            [.. new[] { "fixup", "plain" }.Select(name => new StudyCurve($"{name}: expected best against the number of configurations", "configurations", "accuracy", [1, 2, 3], [0.3, 0.4, 0.5], "share"))], 1));

        var page = PageFile.Render(_fixture);
        var drawing = Draw("tuning-expected-best-against-the-number-of-configurations");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(page, Does.Contain("<h3>tuning</h3>").And.Contain("fixup: best of all (%)").And.Contain(">25.0<"));
            Assert.That(Drawing.Points(drawing.Elements("line", "plain").Single().Attribute("d")!.Value).Select(point => drawing.Y(point.Y, false)), Is.EqualTo(new[] { 30, 40, 50 }).Within(0.2));
            Assert.That((string?)drawing.Elements("line", "plain").Single().Attribute("stroke"), Is.EqualTo("#009E73"), "of plain networks in every figure");
        }
    }

    [Test]
    public void Read_LeavesOutACopyOfAnAnswer()
    {
        var trial = _fixture.Sweep.Trial(_fixture.Sweep.ReadPlan()[0]);
        File.Copy(trial.StudyFile(StudySweep.Study), trial.StudyFile("before"));

        Assert.That(StudyAnswers.Read(SweepResults.Read(_fixture.Sweep.Root)).Single().Records, Has.Count.EqualTo(12));
    }

    private Drawing Draw(string name)
    {
        var result = SweepReport.Write(_fixture.Sweep.Root);
        var file = Path.Combine(_fixture.Sweep.ReportFolder, "figures", name + ".svg");
        Assert.That(result.Files, Has.Member(file));
        return Drawing.Load(file);
    }
}
