using System.Net;
using System.Net.Http.Headers;
using FixupNet.Training.Data;

namespace FixupNet.Training.Tests.Data;

public sealed class DatasetFetcherTests
{
    private static readonly byte[] _archive = TinyDataset.TarGz(TinyDataset.GoodMembers());
    private TempFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new TempFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    /// <summary>Answers from a table instead of the network and remembers what was asked.</summary>
    private sealed class FakeServer(Func<Uri, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public List<Uri> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Asked.Add(request.RequestUri!);
            return Task.FromResult(answer(request.RequestUri!));
        }
    }

    private static FakeServer Serving(byte[] content, string mediaType = "application/gzip", long? announced = null) => new(_ =>
    {
        var body = new StreamContent(new MemoryStream(content));
        body.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        body.Headers.ContentLength = announced;
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = body };
    });

    private static FakeServer Redirecting(string location) => new(address => address == TinyDataset.Address
        ? new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri(location, UriKind.RelativeOrAbsolute) } }
        : new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(_archive) });

    private async Task<FetchResult> Fetch(HttpMessageHandler server, DatasetEntry? entry = null)
    {
        using var fetcher = new DatasetFetcher(server);
        return await fetcher.FetchAsync(entry ?? TinyDataset.Cifar(_archive), _folder.Path);
    }

    private string[] FilesLeft() => [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)];

    [Test]
    public async Task FetchAsync_PutsSoundFilesInPlace()
    {
        var entry = TinyDataset.Cifar(_archive);

        var result = await Fetch(Serving(_archive), entry);

        Assert.That(result.Fetched, Is.EqualTo(new[] { "train.bin", "test.bin" }));
        Assert.That(DatasetVerifier.Verify(entry, _folder.Path).Select(row => row.State), Is.All.EqualTo(FileState.Official));
        Assert.That(FilesLeft().Select(Path.GetFileName), Is.EquivalentTo(new[] { "train.bin", "test.bin", "fixupnet.sha256" }));
    }

    [Test]
    public async Task FetchAsync_RecordsTheSumsOfWhatItFetched_AndOfNothingElse()
    {
        await File.WriteAllBytesAsync(_folder.File("tiny-bin/train.bin"), TinyDataset.CifarRecords(5));

        await Fetch(Serving(_archive));

        Assert.That(await File.ReadAllTextAsync(_folder.File("tiny-bin/fixupnet.sha256")),
            Is.EqualTo($"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(TinyDataset.CifarRecords(4)))}  test.bin\n"));
    }

    [Test]
    public async Task FetchAsync_AsksNobody_WhenAllIsThere()
    {
        await Fetch(Serving(_archive));
        var server = Serving(_archive);

        var result = await Fetch(server);

        Assert.That(server.Asked, Is.Empty);
        Assert.That(result.Kept, Is.EqualTo(new[] { "train.bin", "test.bin" }));
    }

    [Test]
    public async Task FetchAsync_KeepsAFileThatIsThere_WhateverItHolds()
    {
        var mine = TinyDataset.CifarRecords(5);
        await File.WriteAllBytesAsync(_folder.File("tiny-bin/train.bin"), mine);

        var result = await Fetch(Serving(_archive));

        Assert.That(result.Fetched, Is.EqualTo(new[] { "test.bin" }));
        Assert.That(await File.ReadAllBytesAsync(_folder.File("tiny-bin/train.bin")), Is.EqualTo(mine));
    }

    [Test]
    public async Task FetchAsync_RefusesBeforeAsking_WhenAFileThatIsThereHasTheWrongSize()
    {
        await File.WriteAllBytesAsync(_folder.File("tiny-bin/train.bin"), [1, 2, 3]);
        var server = Serving(_archive);

        Assert.That(async () => await Fetch(server), Throws.TypeOf<DatasetCorruptException>().With.Message.Contains("move it away"));
        Assert.That(server.Asked, Is.Empty);
        Assert.That(await File.ReadAllBytesAsync(_folder.File("tiny-bin/train.bin")), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [TestCase("tiny.gz")]
    [TestCase("tiny-bin/tiny.gz")]
    public async Task FetchAsync_UnpacksAnArchiveThatIsThere_AndAsksNobody(string name)
    {
        var (entry, server, archive) = (TinyDataset.Cifar(_archive), Serving(_archive), _folder.File(name));
        await File.WriteAllBytesAsync(archive, _archive);
        var before = Assert.Throws<DatasetMissingException>(() => entry.Load(new FileDatasetOptions(_folder.Path)))!;

        var result = await Fetch(server, entry);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(before.Message, Does.Contain($"{archive} is there"));
            Assert.That(server.Asked, Is.Empty);
            Assert.That(result.Sources, Is.EqualTo(new[] { archive }));
            Assert.That(File.ReadAllBytes(archive), Is.EqualTo(_archive), "it stays");
            Assert.That(DatasetVerifier.Verify(entry, _folder.Path).Select(row => row.State), Is.All.EqualTo(FileState.Official));
        }
    }

    [Test]
    public async Task FetchAsync_RefusesADamagedArchiveThatIsThere()
    {
        var (server, archive) = (Serving(_archive), _folder.File("tiny.gz"));
        await File.WriteAllBytesAsync(archive, _archive[..^100]);

        Assert.That(async () => await Fetch(server), Throws.TypeOf<DatasetCorruptException>().With.Message.StartsWith(archive).And.Message.Contains("Move it away"));
        Assert.That((server.Asked.Count, FilesLeft()), Is.EqualTo((0, new[] { archive })));
    }

    [TestCase("tiny-py/")]
    [TestCase("")]
    public async Task FetchAsync_MakesTheFilesOfCifarsPythonVersion(string folder)
    {
        var (entry, server) = (TinyDataset.Cifar(_archive), Serving(_archive));
        await File.WriteAllBytesAsync(_folder.File(folder + "train"), TinyDataset.PythonBatch());
        await File.WriteAllBytesAsync(_folder.File(folder + "test"), TinyDataset.PythonBatch(firstLabel: 4));

        var result = await Fetch(server, entry);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((server.Asked.Count, result.Sources.Count), Is.EqualTo((0, 1)));
            Assert.That(DatasetVerifier.Verify(entry, _folder.Path).Select(row => row.State), Is.All.EqualTo(FileState.Official));
        }
    }

    private static IEnumerable<TestCaseData> BadBatches()
    {
        var batch = TinyDataset.PythonBatch();
        yield return new TestCaseData(Array.Empty<byte>()).SetArgDisplayNames("empty");
        yield return new TestCaseData(batch[..^5_000]).SetArgDisplayNames("cut off");
        yield return new TestCaseData(TinyDataset.PythonBatch(opcodeAfterAll: (byte)'i')).SetArgDisplayNames("another opcode");
        yield return new TestCaseData((byte[])[0x80, 2, .. "cos\nsystem\nU\u0002id"u8, 0x85, .. "R."u8]).SetArgDisplayNames("a command");
        yield return new TestCaseData(new byte[] { 0x80, 2, (byte)'}', (byte)'.' }).SetArgDisplayNames("nothing in it");
        yield return new TestCaseData(new byte[] { 0x80, 2, (byte)'}', (byte)'u', (byte)'.' }).SetArgDisplayNames("no mark");
        yield return new TestCaseData(new byte[] { 0x80, 2, (byte)'T', 0xff, 0xff, 0xff, 0x7f, (byte)'.' }).SetArgDisplayNames("longer than the file");
        yield return new TestCaseData(new byte[] { 0x80, 2, (byte)'T', 0xff, 0xff, 0xff, 0xff, (byte)'.' }).SetArgDisplayNames("a length below zero");
    }

    [TestCaseSource(nameof(BadBatches))]
    public async Task FetchAsync_RefusesWhatIsNoBatch(byte[] batch)
    {
        var files = new[] { _folder.File("tiny-py/test"), _folder.File("tiny-py/train") };
        foreach (var file in files) await File.WriteAllBytesAsync(file, batch);

        Assert.That(async () => await Fetch(Serving(_archive)), Throws.TypeOf<DatasetCorruptException>().With.Message.StartsWith(files[1]));
        Assert.That(FilesLeft(), Is.EquivalentTo(files));
    }

    private static IEnumerable<TestCaseData> BadDownloads()
    {
        var flipped = _archive.ToArray();
        flipped[^20] ^= 1;
        yield return new TestCaseData(flipped, "application/gzip", null, "sha256").SetArgDisplayNames("one bit flipped");
        yield return new TestCaseData(_archive[..^100], "application/gzip", null, "sha256").SetArgDisplayNames("truncated");
        yield return new TestCaseData(_archive[..^100], "application/gzip", (long)_archive.Length, "ended after").SetArgDisplayNames("cut off on the way");
        yield return new TestCaseData("<html>"u8.ToArray(), "text/html", null, "HTML page").SetArgDisplayNames("HTML page");
        yield return new TestCaseData("<html>"u8.ToArray(), "application/gzip", null, "sha256").SetArgDisplayNames("HTML page in disguise");
        yield return new TestCaseData(new byte[1_000_001], "application/gzip", null, "more than 1000000 bytes").SetArgDisplayNames("too long");
    }

    [TestCaseSource(nameof(BadDownloads))]
    public void FetchAsync_LeavesNothing_WhenTheDownloadIsWrong(byte[] content, string mediaType, long? announced, string message)
    {
        Assert.That(async () => await Fetch(Serving(content, mediaType, announced)), Throws.TypeOf<DatasetCorruptException>().With.Message.Contains(message));

        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [TestCase("http://data.example/tiny.gz")]
    [TestCase("https://evil.example/tiny.gz")]
    [TestCase("https://data.example.evil.example/tiny.gz")]
    [TestCase("https://data.example:8443/tiny.gz")]
    [TestCase("file:///etc/passwd")]
    public void FetchAsync_RefusesARedirect_ToWhereItMayNotGo(string location)
    {
        var server = Redirecting(location);

        Assert.That(async () => await Fetch(server), Throws.TypeOf<HttpRequestException>().With.Message.Contains("only https to data.example"));
        Assert.That(server.Asked, Is.EqualTo(new[] { TinyDataset.Address }));
    }

    [TestCase("https://mirror.example/other.gz")]
    [TestCase("/moved.gz")]
    public async Task FetchAsync_FollowsARedirect_ToAnAllowedHost(string location)
    {
        var result = await Fetch(Redirecting(location), TinyDataset.Cifar(_archive, redirectHosts: ["mirror.example"]));

        Assert.That(result.Fetched, Has.Count.EqualTo(2));
    }

    [Test]
    public void FetchAsync_Throws_WhenRedirectedForEver()
    {
        var server = new FakeServer(_ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = TinyDataset.Address } });

        Assert.That(async () => await Fetch(server), Throws.TypeOf<HttpRequestException>().With.Message.Contains("more than 5 times"));
    }

    /// <summary>Sends a few bytes, then nothing more.</summary>
    private sealed class StallingStream : MemoryStream
    {
        private bool _hasBegun;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_hasBegun) await Task.Delay(Timeout.Infinite, cancellationToken);
            _hasBegun = true;
            return 1;
        }
    }

    private static IEnumerable<TestCaseData> SilentServers()
    {
        yield return new TestCaseData(new FakeServer(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new StallingStream()) }))
            .SetArgDisplayNames("in the middle");
        yield return new TestCaseData(new DeafServer()).SetArgDisplayNames("from the beginning");
    }

    private sealed class DeafServer : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException();
        }
    }

    [TestCaseSource(nameof(SilentServers))]
    public void FetchAsync_Throws_WhenTheServerFallsSilent(HttpMessageHandler server)
    {
        using var fetcher = new DatasetFetcher(new HttpDownloader(server) { Patience = TimeSpan.FromMilliseconds(50) });

        Assert.That(async () => await fetcher.FetchAsync(TinyDataset.Cifar(_archive), _folder.Path),
            Throws.TypeOf<HttpRequestException>().With.Message.Contains("has not answered"));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void FetchAsync_Throws_WhenTheServerRefuses()
    {
        var server = new FakeServer(_ => new HttpResponseMessage(HttpStatusCode.NotFound));

        Assert.That(async () => await Fetch(server), Throws.TypeOf<HttpRequestException>().With.Message.Contains("404"));
    }

    [Test]
    public async Task FetchAsync_StoresIdxFilesPacked()
    {
        var packed = TinyDataset.Gzip(TinyDataset.IdxLabels(1, 2, 3));
        DatasetFile labels = new("labels", 3, new IdxLabelFormat(10));
        DatasetFile otherLabels = new("other-labels", 3, new IdxLabelFormat(10));
        await File.WriteAllBytesAsync(_folder.File("tiny/other-labels"), TinyDataset.IdxLabels(4, 5, 6));
        var sum = new Checksum("md5", new Checksum("md5", "").Of(new MemoryStream(packed)));
        var layout = new DatasetLayout("tiny", [labels], [otherLabels], [new(TinyDataset.Address, 1_000, [sum], [labels])]);
        var entry = DatasetEntry.FromFiles("tiny", "", layout, ["a"], ChannelNormalization.Grey(0, 1));

        await Fetch(Serving(packed), entry);

        Assert.That(FilesLeft().Select(Path.GetFileName), Is.EquivalentTo(new[] { "labels.gz", "other-labels", "fixupnet.sha256" }));
    }

    [Test]
    public void FetchAsync_Throws_WhenTheDatasetNeedsNoFiles() =>
        Assert.That(async () => await Fetch(Serving([]), Datasets.All["synthetic-shapes"]), Throws.ArgumentException);
}
