namespace FixupNet.Reporting.Tests.Browser;

/// <summary>The one browser of all tests here, started by the first that opens a page.</summary>
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
