using FixupNet.Reporting.Page;
using FixupNet.Reporting.Tests.Browser;

namespace FixupNet.Reporting.Tests.Page;

/// <summary>Tests of the page of <see cref="RichSweep"/> in a real browser, a tab a test.</summary>
public abstract class RichPageTests
{
    /// <summary>Waits until what was changed has been drawn.</summary>
    private protected const string NextFrame = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))";

    private protected SweepFixture Fixture { get; private set; } = null!;

    private protected BrowserPage Page { get; private set; } = null!;

    [SetUp]
    public async Task OpenPage()
    {
        if (!PageAssets.Embedded.HasCharts) Assert.Ignore("Built without uPlot: the build said why (FIXUP001).");
        Fixture = new SweepFixture();
        RichSweep.Fill(Fixture);
        Page = await TheBrowser.OpenAsync();
    }

    [TearDown]
    public async Task ClosePage()
    {
        if (Page is not null) await Page.DisposeAsync();
        Fixture?.Dispose();
    }

    /// <summary>Opens the page and draws all charts.</summary>
    private protected async Task DrawAsync()
    {
        await Page.GoToAsync(PageFile.Write(Fixture));
        await Page.EvaluateAsync($"fixupnet.drawAll(), {NextFrame}");
    }
}
