using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Exports;

/// <summary>Reads gradient-norms.jsonl from its beginning to its end, without holding it in memory.</summary>
internal sealed class GradientNormReader : IDisposable
{
    private readonly string _path;
    private readonly JsonLinesReader _reader;

    private readonly GradientNormsHeader _header;

    private GradientNormReader(string path, JsonLinesReader reader, GradientNormsHeader header) => (_path, _reader, _header) = (path, reader, header);

    /// <summary>Names of the layers, in forward order.</summary>
    public IReadOnlyList<string> Layers => _header.Layers;

    /// <summary>Opens a run's file.</summary>
    /// <returns>The reader, or null where the run has recorded no gradient norms.</returns>
    public static GradientNormReader? Open(ExportedRun run)
    {
        var path = run.Directory.GradientNormsFile;
        if (!File.Exists(path)) return null;
        var reader = new JsonLinesReader(path);
        try
        {
            if (reader.Read<GradientNormsHeader>() is { } header) return new GradientNormReader(path, reader, header);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
        reader.Dispose();
        return null;
    }

    /// <summary>The recorded steps; can be gone through once.</summary>
    /// <exception cref="InvalidDataException">A line has another number of layers than the header.</exception>
    public IEnumerable<GradientNormsLine> Lines()
    {
        while (_reader.Read<GradientNormsLine>() is { } line)
        {
            if (line.Norms.Count != Layers.Count)
                throw new InvalidDataException($"{_path}: step {line.Step} has {line.Norms.Count} norms for {Layers.Count} layers.");
            yield return _header.AsMeasured(line);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}
