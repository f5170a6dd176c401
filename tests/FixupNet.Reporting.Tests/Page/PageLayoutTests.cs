using FixupNet.Reporting.Tests.Browser;

namespace FixupNet.Reporting.Tests.Page;

/// <summary>How the page uses the window: what is looked for first comes first, and nothing runs out of sight.</summary>
[RequiresBrowser]
public sealed class PageLayoutTests : RichPageTests
{
    [TestCase(900)]
    [TestCase(1100)]
    [TestCase(1400)]
    public async Task ResultsTable_ComesFirst_AndFits(int width)
    {
        await OpenAsync(width, 900);

        var seen = await Page.EvaluateAsync("(box => [box.scrollWidth - box.clientWidth, box.getBoundingClientRect().top, document.getElementById('figures').getBoundingClientRect().top])(document.querySelector('.table'))");

        Assert.That(seen[0].GetInt32(), Is.LessThanOrEqualTo(0));
        Assert.That(seen[1].GetDouble(), Is.LessThan(400).And.LessThan(seen[2].GetDouble()));
    }

    [TestCase(1000, 1)]
    [TestCase(1400, 2)]
    [TestCase(2560, 3)]
    public async Task Figures_StandSideBySide_WhereThereIsRoom(int width, int expected)
    {
        await OpenAsync(width, 900);

        var tops = await Page.EvaluateAsync("[...document.querySelector('.figures').children].map(figure => Math.round(figure.getBoundingClientRect().top))");

        var all = tops.EnumerateArray().Select(top => top.GetInt32()).ToList();
        Assert.That(all.Count(top => top == all[0]), Is.EqualTo(expected));
    }

    [TestCase(400)]
    [TestCase(1400)]
    public async Task Names_DoNotBreakAtTheirHyphens(int width)
    {
        Fixture.Add(1, ("model.depth", 20), ("model.variant", "fixup"), ("optimizer.learningRate", 0.01), ("initialization.name", "delta-orthogonal-of-some-length"));
        await OpenAsync(width, 900);

        var lines = await Page.EvaluateAsync("""
            (range => (range.selectNodeContents([...document.querySelectorAll('#results td')].find(cell => cell.textContent.startsWith('delta-'))), range.getClientRects().length))(document.createRange())
            """);

        Assert.That(lines.GetInt32(), Is.EqualTo(1));
    }

    [TestCase(390)]
    [TestCase(1400)]
    [TestCase(2560)]
    public async Task Page_IsNotWiderThanTheWindow(int width)
    {
        await OpenAsync(width, 844);

        Assert.That((await Page.EvaluateAsync("document.documentElement.scrollWidth")).GetInt32(), Is.LessThanOrEqualTo(width));
    }

    [Test]
    public async Task Print_IsOnWhite_AndGivesTheScreenBack()
    {
        const string Ground = "getComputedStyle(document.body).backgroundColor";
        await Page.PreferAsync("dark");
        await OpenAsync(1400, 900);

        var printed = await Page.EvaluateAsync($"dispatchEvent(new Event('beforeprint')), {Ground}");
        var screen = await Page.EvaluateAsync($"dispatchEvent(new Event('afterprint')), {Ground}");

        Assert.That((printed.GetString(), screen.GetString()), Is.EqualTo(("rgb(255, 255, 255)", "rgb(20, 23, 27)")));
    }

    private async Task OpenAsync(int width, int height)
    {
        await Page.SizeAsync(width, height);
        await DrawAsync();
    }
}
