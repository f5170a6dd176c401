using FixupNet.Reporting.Tests.Browser;

namespace FixupNet.Reporting.Tests.Page;

/// <summary>The page of a build without uPlot.</summary>
[RequiresBrowser]
public sealed class DrawingPageTests
{
    [Test]
    public async Task Page_ShowsDrawingsAndSaysWhy()
    {
        using var fixture = new SweepFixture();
        RichSweep.Fill(fixture);
        await using var page = await TheBrowser.OpenAsync();

        await page.GoToAsync(PageFile.Write(fixture, withCharts: false));
        var seen = await page.EvaluateAsync("""
            [document.querySelectorAll("figure").length, document.querySelectorAll("figure svg[role=img]").length, document.getElementById("figures-hint").textContent]
            """);

        Assert.That(seen[1].GetInt32(), Is.EqualTo(seen[0].GetInt32()).And.GreaterThan(15));
        Assert.That(seen[2].GetString(), Does.Contain("without uPlot"));
        Assert.That((page.Complaints.Count, page.Requests.Count), Is.EqualTo((0, 1)));
    }
}
