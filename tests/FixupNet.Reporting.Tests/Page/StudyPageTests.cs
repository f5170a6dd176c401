using FixupNet.Reporting.Tests.Browser;
using FixupNet.Reporting.Tests.Figures;

namespace FixupNet.Reporting.Tests.Page;

/// <summary>Figures of studies in a real browser.</summary>
[RequiresBrowser]
public sealed class StudyPageTests
{
    [TestCase(390)]
    [TestCase(1400)]
    public async Task Page_DrawsStudies_WithinTheWindow(int width)
    {
        using var fixture = new SweepFixture();
        StudySweep.Fill(fixture);
        await using var page = await TheBrowser.OpenAsync();
        await page.SizeAsync(width, 844);

        await page.GoToAsync(PageFile.Write(fixture));
        var seen = await page.EvaluateAsync("""
            fixupnet.drawAll(), [
              document.documentElement.scrollWidth, fixupnet.drawn["everything-accuracy-against-depth-8"]?.plot.scales.x.min, fixupnet.drawn["everything-density-of-the-spectrum-depth-8"]?.plot.scales.x.min,
              getComputedStyle(document.querySelector(".heat .heat-9")).backgroundColor, document.querySelector(".pictures img").naturalWidth,
            ]
            """);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen[0].GetInt32(), Is.LessThanOrEqualTo(width));
            Assert.That((seen[1].GetDouble(), seen[2].GetDouble()), Is.EqualTo((0.0, -30.6)).Using<double>((a, b) => Math.Abs(a - b) < 1e-9 ? 0 : 1), "where the lower axes begin");
            Assert.That(seen[3].GetString(), Is.EqualTo("rgb(253, 231, 37)"));
            Assert.That(seen[4].GetInt32(), Is.EqualTo(2), "pixels of a picture");
            Assert.That((page.Complaints.Count, page.Requests.Count), Is.EqualTo((0, 1)));
        }
    }
}
