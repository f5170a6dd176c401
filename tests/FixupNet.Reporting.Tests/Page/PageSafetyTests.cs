using FixupNet.Reporting.Page;
using FixupNet.Reporting.Tests.Browser;
using FixupNet.Runs.Json;
using FixupNet.Runs.Metrics;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Tests.Page;

/// <summary>Hostile names and messages, everywhere a page shows one, in a real browser.</summary>
[RequiresBrowser]
public sealed class PageSafetyTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Page_ShowsHostileStringsAndObeysNone(bool withCharts)
    {
        using var fixture = new SweepFixture();
        foreach (var (index, text) in HostileStrings.All.Index()) Fill(fixture, index, text);
        var all = string.Join('\n', HostileStrings.All);
        File.WriteAllText(fixture.Sweep.SweepFile, all);
        RunJson.WriteFile(fixture.Sweep.ResolvedSweepFile, new Dictionary<string, string> { ["name"] = all, ["about"] = all });
        await using var page = await TheBrowser.OpenAsync();

        await page.GoToAsync(PageFile.Write(fixture, withCharts));
        // A script of the page itself is named by its hash, so anything that calls harmed() complains: it is not defined.
        var seen = await page.EvaluateAsync("""
            fixupnet.drawAll(), [...document.querySelectorAll("details")].forEach(details => details.open = true),
            [...document.querySelectorAll("button, a")].forEach(element => { element.dispatchEvent(new MouseEvent("mouseover", { bubbles: true })); element.focus(); }),
            new Promise(done => setTimeout(() => done([document.querySelectorAll("iframe, object, embed, form, base, video, audio, img, svg script, body script:not([type])").length,
              [...document.querySelectorAll("*")].filter(element => [...element.attributes].some(attribute => attribute.name.startsWith("on"))).length,
              document.body.textContent]), 300))
            """);

        Assert.That(page.Complaints, Is.Empty);
        Assert.That(page.Requests, Has.Count.EqualTo(1));
        Assert.That((seen[0].GetInt32(), seen[1].GetInt32()), Is.EqualTo((withCharts && PageAssets.Embedded.HasCharts ? 2 : 1, 0))); // its own scripts
        var text_ = seen[2].GetString()!;
        Assert.That(HostileStrings.All.Where(text => !text_.Contains(Shown(text), StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Policy_StopsAScriptThatIsNotThePages()
    {
        using var fixture = new SweepFixture();
        RichSweep.Fill(fixture);
        await using var page = await TheBrowser.OpenAsync();
        await page.GoToAsync(PageFile.Write(fixture));

        var ran = await page.EvaluateAsync("""
            (() => { const script = document.createElement("script"); script.textContent = "window.ranAnyway = true"; document.body.append(script); return window.ranAnyway === true; })()
            """);

        Assert.That(ran.GetBoolean(), Is.False);
        Assert.That(page.Complaints, Has.Some.Contains("Content Security Policy")); // and so the absence of complaints above means something
    }

    private static void Fill(SweepFixture fixture, int index, string text)
    {
        foreach (var depth in new[] { 20, 110 })
        {
            var trial = fixture.Add(1, ("model.depth", depth), ("model.variant", text), (text, index));
            trial.WriteSummary(depth == 20 ? SweepFixture.Completed(0.5) : SweepFixture.Diverged(3, text));
            trial.WriteStatus(new TrialStatus(TrialState.Failed, 3, 1, DateTimeOffset.UnixEpoch, text));
            trial.WriteEnvironment(new EnvironmentRecord(text, text, text, text, text, text, text, 2, text, new Dictionary<string, long>(), DateTimeOffset.UnixEpoch, text, text));
            RunJson.WriteFile(trial.ConfigFile, new Dictionary<string, string> { [$"key {text}"] = text });
            using (var metrics = new JsonLinesWriter(trial.MetricsFile)) metrics.Write(new MetricsLine(0, 1, 1, MetricsSplit.Test, new MetricValues(("loss", 1), ("accuracy", 0.5))));
            using var norms = new JsonLinesWriter(trial.GradientNormsFile);
            norms.Write(new GradientNormsHeader([text, text]));
            norms.Write(new GradientNormsLine(0, 0, 1, [1, 0]));
        }
    }

    private static string Shown(string text) => text.Replace('\0', '\ufffd').Replace('\u202E', '\ufffd').Replace('\u202C', '\ufffd');
}
