using System.IO.Compression;
using System.Security.Cryptography;

namespace FixupNet.Training.Data;

/// <summary>A file read once, unpacked where its name ends in ".gz", that knows at its end what it held.</summary>
internal sealed class HashedFile : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly HashingReader _disk;
    private readonly HashingReader? _unpacked;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="algorithm">Of the sum of what it holds unpacked: "sha256" or "md5".</param>
    public HashedFile(string path, string algorithm)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes);
        IsPacked = path.EndsWith(DatasetFile.PackedSuffix, StringComparison.Ordinal);
        DiskBytes = file.CanSeek ? file.Length : null;
        _disk = new HashingReader(file, HashAlgorithmName.SHA256);
        if (IsPacked) _unpacked = new HashingReader(new BufferedStream(new GZipStream(_disk, CompressionMode.Decompress), BufferBytes), NameOf(algorithm));
        else if (NameOf(algorithm) != HashAlgorithmName.SHA256) _unpacked = new HashingReader(_disk, NameOf(algorithm));
    }

    /// <summary>Whether it is packed by gzip.</summary>
    public bool IsPacked { get; }

    /// <summary>Its length on the disk; null where that is not known.</summary>
    public long? DiskBytes { get; }

    /// <summary>What it holds, unpacked.</summary>
    public Stream Content => _unpacked ?? _disk;

    /// <summary>Reads what is left and gives the sums.</summary>
    /// <returns>SHA-256 of the file as it lies on the disk, and the sum of what it holds, in lower-case hex.</returns>
    public (string Disk, string Unpacked) Sums()
    {
        Content.CopyTo(Stream.Null);
        _disk.CopyTo(Stream.Null); // behind the end of what is packed more may follow
        var disk = _disk.Sum();
        return (disk, _unpacked?.Sum() ?? disk);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _unpacked?.Dispose();
        _disk.Dispose();
    }

    private static HashAlgorithmName NameOf(string algorithm) => algorithm switch
    {
        "sha256" => HashAlgorithmName.SHA256,
        "md5" => HashAlgorithmName.MD5, // guards against damage in transit, as its publisher meant it
        _ => throw new NotSupportedException($"checksum algorithm is \"{algorithm}\"; must be sha256 or md5"),
    };

    private sealed class HashingReader(Stream source, HashAlgorithmName algorithm) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(algorithm);

        public string Sum() => Convert.ToHexStringLower(_hash.GetCurrentHash());

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            var read = source.Read(buffer);
            _hash.AppendData(buffer[..read]);
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _hash.Dispose();
                source.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
