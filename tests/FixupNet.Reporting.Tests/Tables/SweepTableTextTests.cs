using System.Text.Json;
using FixupNet.Reporting.Tables;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Tables;

public sealed class SweepTableTextTests
{
    private SweepFixture _fixture = null!;

    [SetUp]
    public void CreateSweep() => _fixture = new SweepFixture();

    [TearDown]
    public void DeleteSweep() => _fixture.Dispose();

    [Test]
    public void ToMarkdown_ShowsARowEachVariantAndDepth()
    {
        var table = TypicalSweep();

        var text = SweepTableText.ToMarkdown(table);

        Assert.That(text, Is.EqualTo(
            """
            | model.variant | model.depth | n | test accuracy % | train loss | first-layer gradient | last-layer gradient | trials | seconds | images/s | peak memory |
            | :--- | ---: | ---: | ---: | ---: | ---: | ---: | :--- | ---: | ---: | ---: |
            | fixup | 20 | 2 | 62.50 ± 17.68 | 0.5 | 1 | 10 | completed 2/2 | 20.0 | 1000 | 3.0 MiB |
            | plain | 20 | 1 | 25.00 | 0.5 | ∞ | NaN | completed 1/3, diverged 2/3 at step 7 in layer1.0.conv1 | 8.0 | 667 | 3.0 MiB |
            | plain | 110 | 0 |  |  |  |  | pending 1/1 |  |  |  |

            """));
    }

    [Test]
    public void ToCsv_HoldsExactNumbers()
    {
        var table = TypicalSweep();

        var lines = SweepTableText.ToCsv(table).Split("\r\n");

        Assert.That(lines, Is.EqualTo(new[]
        {
            "model.variant,model.depth,seedCount,testAccuracyCount,testAccuracyMean,testAccuracyStandardDeviation,trainLoss,firstLayerGradientNorm,lastLayerGradientNorm,states,elapsedSeconds,imagesPerSecond,peakMemoryBytes",
            "fixup,20,2,2,0.625,0.1767766952966369,0.5,1,10,completed 2/2,20,1000,3145728",
            "plain,20,3,1,0.25,,0.5,Infinity,NaN,\"completed 1/3, diverged 2/3 at step 7 in layer1.0.conv1\",8,666.6666666666666,3145728",
            "plain,110,1,0,,,,,,pending 1/1,,,",
            "",
        }));
    }

    [TestCase("=1+1", "'=1+1")]
    [TestCase("+1", "'+1")]
    [TestCase("-1", "'-1")]
    [TestCase("@SUM(A1)", "'@SUM(A1)")]
    [TestCase("\t=1", "'\t=1")]
    [TestCase("a,b", "\"a,b\"")]
    [TestCase("a\"b", "\"a\"\"b\"")]
    [TestCase("a\nb", "\"a\nb\"")]
    [TestCase("=A1,\"", "\"'=A1,\"\"\"")]
    [TestCase("a=b", "a=b")]
    public void ToCsv_MakesTextsHarmless(string variant, string expected)
    {
        _fixture.Add(1, ("v", variant));
        _fixture.Add(1, ("v", "other"));

        var text = SweepTableText.ToCsv(_fixture.Read());

        Assert.That(text, Does.Contain($"\r\n{expected},1,0,"));
    }

    [Test]
    public void ToCsv_KeepsNegativeNumbers()
    {
        _fixture.Add(1, ("shift", -1));
        _fixture.Add(1, ("shift", -2.5));

        var text = SweepTableText.ToCsv(_fixture.Read());

        Assert.That(text, Does.Contain("\r\n-2.5,1,").And.Contain("\r\n-1,1,"));
    }

    [Test]
    public void ToMarkdown_EscapesWhatWouldBreakTheTable()
    {
        _fixture.Add(1, ("v", "a|b\\\n<img>"));
        _fixture.Add(1, ("v", "other"));

        var text = SweepTableText.ToMarkdown(_fixture.Read());

        Assert.That(text, Does.Contain("\n| a\\|b\\\\ &lt;img> | 0 |"));
    }

    [Test]
    public void ToJson_HoldsFractionsAndNulls()
    {
        var table = TypicalSweep();

        using var json = JsonDocument.Parse(SweepTableText.ToJson(table));

        var plain = json.RootElement.GetProperty("rows")[1];
        Assert.That(plain.GetProperty("parameters").GetRawText().Where(letter => !char.IsWhiteSpace(letter)),
            Is.EqualTo("""{"model.variant":"plain","model.depth":20}"""));
        Assert.That(plain.GetProperty("testAccuracy").GetProperty("mean").GetDouble(), Is.EqualTo(0.25));
        Assert.That(plain.GetProperty("testAccuracy").GetProperty("standardDeviation").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(plain.GetProperty("firstLayerGradientNorm").GetString(), Is.EqualTo("Infinity"));
        Assert.That(plain.GetProperty("states").GetProperty("diverged").GetInt32(), Is.EqualTo(2));
        Assert.That(json.RootElement.EnumerateObject().Select(property => property.Name), Is.EqualTo(new[] { "keys", "rows" }));
    }

    [Test]
    public void Columns_SayWhichHoldNumbers()
    {
        var columns = TypicalSweep().Columns();

        Assert.That(columns.Where(column => !column.IsNumber).Select(column => column.Header),
            Is.EqualTo(new[] { "model.variant", "trials" }));
    }

    private SweepTable TypicalSweep()
    {
        foreach (var (seed, accuracy) in new[] { (1, 0.5), (2, 0.75) })
            Add("fixup", 20, seed).WriteSummary(SweepFixture.Completed(accuracy));
        Add("plain", 110, 1);
        Add("plain", 20, 1).WriteSummary(SweepFixture.Completed(0.25));
        Add("plain", 20, 2).WriteSummary(SweepFixture.Diverged(9, "layer2.0.conv1"));
        Add("plain", 20, 3).WriteSummary(SweepFixture.Diverged(7, "layer1.0.conv1"));
        return _fixture.Read();
    }

    private Runs.TrialDirectory Add(string variant, int depth, long seed) =>
        _fixture.Add(seed, ("model.variant", variant), ("model.depth", depth));
}
