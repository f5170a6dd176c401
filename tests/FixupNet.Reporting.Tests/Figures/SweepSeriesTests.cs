using FixupNet.Reporting.Figures;
using FixupNet.Reporting.Results;

namespace FixupNet.Reporting.Tests.Figures;

public sealed class SweepSeriesTests
{
    [TestCase("\"plain\"", "plain")]
    [TestCase("{ \"name\": \"plain\" }", "plain")]
    public void Of_GivesASingleCurveTheColourOfItsMethod(string variant, string method)
    {
        using var fixture = new SweepFixture();
        foreach (var depth in new[] { 20, 56 })
            File.WriteAllText(fixture.Add(1, ("model.depth", depth)).ConfigFile, $$"""{ "model": { "variant": {{variant}}, "depth": {{depth}} } }""");

        var series = SweepSeries.Of(SweepResults.Read(fixture.Sweep.Root), SweepSeries.DepthKey);

        Assert.That(series.Single().Style, Is.EqualTo(SeriesStyles.Of([method])[0]));
    }

    [Test]
    public void Of_NamesAMethodWithItsOptions()
    {
        using var fixture = new SweepFixture();
        fixture.Add(1, ("model.variant", "fixup"));
        fixture.Add(1, ("model.variant", new { name = "fixup", biases = false }));

        Assert.That(SweepSeries.Of(SweepResults.Read(fixture.Sweep.Root)).Select(series => series.Label), Is.EqualTo(new[] { "fixup", "fixup (biases=false)" }));
    }

    [Test]
    public void Of_LeavesNullsOutOfNames_UnlessThereIsNothingElse()
    {
        using var fixture = new SweepFixture();
        fixture.Add(1, ("model.variant", "fixup"), ("initialization.name", null!));
        fixture.Add(1, ("model.variant", "plain"), ("initialization.name", null!));
        fixture.Add(1, ("model.variant", "plain"), ("initialization.name", "lsuv"));
        using var other = new SweepFixture();
        other.Add(1, ("initialization.name", null!));
        other.Add(1, ("initialization.name", "lsuv"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(SweepSeries.Of(SweepResults.Read(fixture.Sweep.Root)).Select(series => series.Label), Is.EqualTo(new[] { "fixup", "plain", "plain, lsuv" }));
            Assert.That(SweepSeries.Of(SweepResults.Read(other.Sweep.Root)).Select(series => series.Label), Is.EqualTo(new[] { "name=null", "lsuv" }));
        }
    }
}
