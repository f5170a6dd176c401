using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Runs;

/// <summary>Reads what workers wrote down, whatever a crash or a power loss left of it.</summary>
public static class SweepJournal
{
    /// <summary>Reads the intact lines of a journal.</summary>
    /// <param name="file">The journal.</param>
    /// <returns>Its lines; none where there is no such file.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<SweepEvent> Read(string file)
    {
        var events = new List<SweepEvent>();
        if (!File.Exists(file)) return events;
        using var reader = new JsonLinesReader(file);
        while (TryRead(reader, out var line))
        {
            if (line is not null) events.Add(line);
        }
        return events;
    }

    private static bool TryRead(JsonLinesReader reader, out SweepEvent? line)
    {
        try
        {
            line = reader.Read<SweepEvent>();
            return line is not null;
        }
        catch (InvalidDataException)
        {
            line = null;
            return true;
        }
    }
}
