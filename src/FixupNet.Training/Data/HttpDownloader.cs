using System.Net;

namespace FixupNet.Training.Data;

/// <summary>Loads one compiled-in address into a file and checks its sums.</summary>
/// <param name="handler">Answers the requests without following redirects.</param>
internal sealed class HttpDownloader(HttpMessageHandler handler) : IDisposable
{
    private const int MaxRedirects = 5;
    private const int BlockBytes = 1 << 16;
    private readonly HttpClient _client = new(handler) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>How long the server may say nothing, in the middle of a download too.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Loads a download into a file.</summary>
    /// <param name="download">What to load and what it has to be.</param>
    /// <param name="path">A file that does not exist yet.</param>
    /// <param name="progress">Told about every block; may be null.</param>
    /// <param name="cancellationToken">Ends the download.</param>
    /// <exception cref="DatasetCorruptException">What arrived is a web page, too long, too short, or has another sum.</exception>
    /// <exception cref="HttpRequestException">The server refuses, or redirects to where it may not.</exception>
    public async Task DownloadAsync(
        DatasetDownload download, string path, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(download, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType is "text/html")
            throw new DatasetCorruptException(download.Address.AbsoluteUri, "an HTML page", "a gzip file");
        await SaveAsync(download, response, path, progress, cancellationToken);
        download.RequireSums(path, download.Address.AbsoluteUri);
    }

    /// <summary>Releases the transport.</summary>
    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(DatasetDownload download, CancellationToken cancellationToken)
    {
        var address = download.Address;
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            RefuseForeign(download, address);
            var response = await Patiently(address, cancellation => _client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellation), cancellationToken);
            if (response.IsSuccessStatusCode) return response;
            using (response)
            {
                if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
                    throw new HttpRequestException($"{address} answered {(int)response.StatusCode} {response.ReasonPhrase}.", null, response.StatusCode);
                address = new Uri(address, location);
            }
        }
        throw new HttpRequestException($"{download.Address} redirects more than {MaxRedirects} times.");
    }

    // A server that says nothing must not be waited for without end, nor be taken for a user who lost patience.
    private async Task<T> Patiently<T>(Uri address, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await ask(patience.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"{address} has not answered for {Patience.TotalSeconds:F0} seconds; try again later.", error);
        }
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.Moved or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static void RefuseForeign(DatasetDownload download, Uri address)
    {
        string[] hosts = [download.Address.Host, .. download.RedirectHosts];
        if (address.Scheme != Uri.UriSchemeHttps || !address.IsDefaultPort || !hosts.Contains(address.Host))
            throw new HttpRequestException($"{download.Address} leads to {address}; only https to {string.Join(" or ", hosts)} is allowed.");
    }

    private async Task SaveAsync(
        DatasetDownload download, HttpResponseMessage response, string path, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        var (address, announced) = (download.Address, response.Content.Headers.ContentLength);
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var block = new byte[BlockBytes];
        var received = 0L;
        for (int read; (read = await Patiently(address, cancellation => content.ReadAsync(block, cancellation).AsTask(), cancellationToken)) > 0;)
        {
            received += read;
            if (received > download.MaxBytes)
                throw new DatasetCorruptException(address.AbsoluteUri, $"more than {download.MaxBytes} bytes", $"at most {download.MaxBytes} bytes");
            await file.WriteAsync(block.AsMemory(0, read), cancellationToken);
            progress?.Report(new FetchProgress(address, received, announced));
        }
        if (announced is { } total && received != total)
            throw new DatasetCorruptException(address.AbsoluteUri, $"a transfer that ended after {received} bytes", $"{total} bytes");
    }
}
