using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs;

/// <summary>Reads gradient-norms.jsonl of any version in today's meaning, without holding it: with 10,000 layers a long run writes gigabytes.</summary>
public sealed class GradientNormsLog : IDisposable
{
    private readonly string _path;
    private readonly JsonLinesReader _reader;
    private readonly GradientNormsHeader _header;

    private GradientNormsLog(string path, JsonLinesReader reader, GradientNormsHeader header) => (_path, _reader, _header) = (path, reader, header);

    /// <summary>Names of the layers, in forward order.</summary>
    public IReadOnlyList<string> Layers => _header.Layers;

    /// <summary>Opens a file at its first step.</summary>
    /// <param name="path">The file, which need not exist.</param>
    /// <returns>The reader, or null where there is no file or nothing in it.</returns>
    /// <exception cref="InvalidDataException">It begins with something else.</exception>
    public static GradientNormsLog? Open(string path)
    {
        if (!File.Exists(path)) return null;
        var reader = new JsonLinesReader(path);
        try
        {
            if (reader.Read<GradientNormsHeader>() is { } header) return new GradientNormsLog(path, reader, header);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
        reader.Dispose();
        return null;
    }

    /// <summary>Counts the recorded steps; 0 where there is no file.</summary>
    /// <param name="path">The file, which need not exist.</param>
    public static int CountSteps(string path)
    {
        using var log = Open(path);
        var count = 0;
        while (log is not null && log.Skip()) count++;
        return count;
    }

    /// <summary>Reads the names of the layers and their norms at the last recorded step, from the end of the file.</summary>
    /// <param name="path">The file, which need not exist.</param>
    /// <returns>Both, or null where no step was recorded yet.</returns>
    /// <exception cref="InvalidDataException">An intact line of the file is no record of gradient norms.</exception>
    public static (IReadOnlyList<string> Layers, GradientNormsLine Last)? ReadLast(string path)
    {
        using var log = Open(path);
        return log is not null && JsonLinesTail.ReadLast<GradientNormsLine>(path, hasHeader: true) is { } last ? (log.Layers, log.Checked(last)) : null;
    }

    /// <summary>The next step; null at the end.</summary>
    /// <exception cref="InvalidDataException">The line is damaged, or has another number of layers than the header.</exception>
    public GradientNormsLine? Read() => _reader.Read<GradientNormsLine>() is { } line ? Checked(line) : null;

    /// <summary>Goes on to the step after the next; false at the end.</summary>
    public bool Skip() => _reader.Read<StepOnly>() is not null;

    /// <summary>The steps that are left.</summary>
    /// <exception cref="InvalidDataException">As <see cref="Read"/>.</exception>
    public IEnumerable<GradientNormsLine> Lines()
    {
        while (Read() is { } line) yield return line;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private GradientNormsLine Checked(GradientNormsLine line) => line.Norms.Count == Layers.Count
        ? _header.AsMeasured(line)
        : throw new InvalidDataException($"{_path}: step {line.Step} has {line.Norms.Count} norms for {Layers.Count} layers.");

    /// <summary>A line of which the norms are not needed.</summary>
    internal sealed record StepOnly(long Step);
}
