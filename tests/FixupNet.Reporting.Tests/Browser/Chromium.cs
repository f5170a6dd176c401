using System.Diagnostics;
using System.Net.WebSockets;

namespace FixupNet.Reporting.Tests.Browser;

/// <summary>Debian's Chromium without a window, driven over its own protocol.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    private readonly Process _process;
    private readonly string _profile;

    private Chromium(Process process, string profile, string address)
    {
        (_process, _profile, Address) = (process, profile, address);
    }

    /// <summary>Where its protocol is spoken.</summary>
    public string Address { get; }

    /// <summary>The program, or null where there is none.</summary>
    public static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Starts the program and waits until it listens.</summary>
    public static async Task<Chromium> StartAsync(string program)
    {
        var profile = Directory.CreateTempSubdirectory("fixupnet-browser-").FullName;
        var start = new ProcessStartInfo(program,
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage", "--disable-background-networking",
            "--disable-component-update", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank",
        ]) { RedirectStandardError = true, RedirectStandardOutput = true };
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        // Read to its end, or the browser's complaints about missing buses would fill the pipe.
        process.ErrorDataReceived += (_, line) =>
        {
            const string Announcement = "DevTools listening on ";
            if (line.Data is null) address.TrySetException(new InvalidOperationException($"{program} ended without listening."));
            else if (line.Data.StartsWith(Announcement, StringComparison.Ordinal)) address.TrySetResult(line.Data[Announcement.Length..].Trim());
        };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return new Chromium(process, profile, await address.Task.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    /// <summary>Opens an empty tab.</summary>
    public async Task<BrowserPage> OpenAsync()
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(Address), CancellationToken.None);
        return await BrowserPage.AttachAsync(new BrowserConnection(socket));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException)
        {
            // A child that is dying may still write there; it is a temporary folder.
        }
    }
}
