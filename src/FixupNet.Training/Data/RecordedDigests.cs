using System.Text;
using System.Text.RegularExpressions;
using FixupNet.Runs.Files;

namespace FixupNet.Training.Data;

/// <summary>SHA-256 sums of a dataset's files as they lie on the disk, recorded beside them when they were fetched or verified: what they
/// hold later must be the same.</summary>
/// <remarks>The file is one that <c>sha256sum -c</c> reads.</remarks>
internal sealed partial class RecordedDigests
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "fixupnet.sha256";

    private const int MaxBytes = 1 << 16;

    private readonly string _path;
    private readonly SortedDictionary<string, string> _sums = new(StringComparer.Ordinal);

    private RecordedDigests(string path) => _path = path;

    /// <summary>Reads what is recorded in a folder.</summary>
    /// <param name="folder">The folder of the dataset.</param>
    /// <exception cref="DatasetCorruptException">The record is damaged.</exception>
    public static RecordedDigests Read(string folder)
    {
        var digests = new RecordedDigests(Path.Combine(folder, FileName));
        if (!File.Exists(digests._path)) return digests;
        var lines = Encoding.UTF8.GetString(BoundedFile.ReadBeginning(digests._path, MaxBytes).Span).Split('\n');
        foreach (var (number, line) in lines.Index().Where(line => line.Item.Length > 0))
        {
            var match = LinePattern().Match(line);
            if (!match.Success || !digests._sums.TryAdd(match.Groups["name"].Value, match.Groups["sum"].Value))
                throw new DatasetCorruptException(
                    digests._path, $"a damaged line {number + 1}", "a SHA-256 sum and the name of a file on each line",
                    note: "Delete it, and \"fixupnet data verify\" records anew what the files hold.");
        }
        return digests;
    }

    /// <summary>The sum recorded of a file; null where there is none.</summary>
    /// <param name="path">The file.</param>
    public string? Of(string path) => _sums.GetValueOrDefault(Path.GetFileName(path));

    /// <summary>Records sums, beside those that are there already.</summary>
    /// <param name="sums">Sums by path of the file.</param>
    /// <exception cref="IOException">They cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be written.</exception>
    public void Add(IEnumerable<(string Path, string Sum)> sums)
    {
        foreach (var (path, sum) in sums) _sums[Path.GetFileName(path)] = sum;
        DurableFile.WriteAllText(_path, string.Concat(_sums.Select(pair => $"{pair.Value}  {pair.Key}\n")));
    }

    [GeneratedRegex(@"\A(?<sum>[0-9a-f]{64})  (?<name>[A-Za-z0-9][A-Za-z0-9._-]{0,99})\z")]
    private static partial Regex LinePattern();
}
