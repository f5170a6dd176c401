using FixupNet.Reporting.Tests.Browser;

namespace FixupNet.Reporting.Tests;

/// <summary>The one browser of all tests, started by the first that opens a page. NUnit ends it after the tests of this namespace and of those
/// within it, so it lies above them all.</summary>
[SetUpFixture]
public sealed class TheBrowser
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static Chromium? _chromium;

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
        _chromium = null;
    }

    /// <summary>Opens an empty tab.</summary>
    internal static async Task<BrowserPage> OpenAsync()
    {
        await Gate.WaitAsync();
        try
        {
            _chromium ??= await Chromium.StartAsync(Chromium.Find()!);
        }
        finally
        {
            Gate.Release();
        }
        return await _chromium.OpenAsync();
    }
}
