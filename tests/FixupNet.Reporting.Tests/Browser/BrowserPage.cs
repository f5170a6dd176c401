using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FixupNet.Reporting.Tests.Browser;

/// <summary>A tab of the browser, which keeps what it complains about and what it requests.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly BrowserConnection _connection;
    private readonly string _session;
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _loaded = new();

    private BrowserPage(BrowserConnection connection, string session)
    {
        (_connection, _session) = (connection, session);
        connection.Event += Handle;
    }

    /// <summary>Errors, exceptions, messages on the console, violated policies and dialogs.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Addresses of all requests, that of the page itself first.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public static async Task<BrowserPage> AttachAsync(BrowserConnection connection)
    {
        var target = await connection.SendAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" }, null);
        var attached = await connection.SendAsync("Target.attachToTarget", new JsonObject { ["targetId"] = Text(target, "targetId"), ["flatten"] = true }, null);
        var page = new BrowserPage(connection, Text(attached, "sessionId"));
        foreach (var domain in new[] { "Page", "Runtime", "Network", "Log" }) await page.SendAsync($"{domain}.enable", []);
        await page.SendAsync("Page.setLifecycleEventsEnabled", new JsonObject { ["enabled"] = true });
        await page.SizeAsync(1100, 900);
        return page;
    }

    /// <summary>Sets the size of the window.</summary>
    public Task SizeAsync(int width, int height) => SendAsync("Emulation.setDeviceMetricsOverride",
        new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });

    /// <summary>Says which colours the system prefers: "light" or "dark".</summary>
    public Task PreferAsync(string scheme) => SendAsync("Emulation.setEmulatedMedia", new JsonObject
    {
        ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme }),
    });

    /// <summary>Opens a file and waits until it has loaded.</summary>
    public async Task GoToAsync(string file)
    {
        // Of this very document: that the empty page has loaded may be told late.
        var navigated = await SendAsync("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri });
        await Loaded(Text(navigated, "loaderId")).Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>Value of an expression, of a promise too.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        var answer = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true });
        if (answer["exceptionDetails"] is { } details) throw new InvalidOperationException($"{expression}: {details.ToJsonString()}");
        return JsonSerializer.SerializeToElement(answer["result"]!["value"]);
    }

    /// <summary>Presses a key.</summary>
    public async Task PressAsync(string key, string? text = null)
    {
        foreach (var type in new[] { "keyDown", "keyUp" })
        {
            var parameters = new JsonObject { ["type"] = type, ["key"] = key };
            if (text is not null && type == "keyDown") parameters["text"] = text;
            await SendAsync("Input.dispatchKeyEvent", parameters);
        }
    }

    /// <summary>Takes a picture of the window.</summary>
    public async Task<byte[]> PictureAsync() => Convert.FromBase64String(Text(await SendAsync("Page.captureScreenshot", []), "data"));

    public async ValueTask DisposeAsync()
    {
        await SendAsync("Page.close", []);
        await _connection.DisposeAsync();
    }

    private Task<JsonObject> SendAsync(string method, JsonObject parameters) => _connection.SendAsync(method, parameters, _session);

    private void Handle(string name, JsonObject parameters)
    {
        switch (name)
        {
            case "Page.lifecycleEvent" when Text(parameters, "name") == "load":
                Loaded(Text(parameters, "loaderId")).TrySetResult();
                break;
            case "Network.requestWillBeSent" when Text(parameters["request"]!.AsObject(), "url") is var url && !url.StartsWith("data:", StringComparison.Ordinal):
                _requests.Enqueue(url); // what an address holds in itself is not requested of anyone
                break;
            case "Runtime.consoleAPICalled" or "Runtime.exceptionThrown" or "Log.entryAdded" or "Page.javascriptDialogOpening":
                _complaints.Enqueue($"{name}: {parameters.ToJsonString()}");
                break;
        }
    }

    private TaskCompletionSource Loaded(string document) =>
        _loaded.GetOrAdd(document, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private static string Text(JsonObject json, string key) => json[key]!.GetValue<string>();
}
