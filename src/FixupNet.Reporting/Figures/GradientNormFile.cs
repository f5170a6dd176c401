using FixupNet.Runs.Json;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>Reads gradient-norms.jsonl without holding it: with 10,000 layers a long run writes gigabytes.</summary>
internal static class GradientNormFile
{
    /// <summary>Reads the names of the layers and their norms at the last recorded step, from the end of the file.</summary>
    /// <param name="path">The file, which need not exist.</param>
    /// <returns>Both, or null where no step was recorded yet.</returns>
    /// <exception cref="InvalidDataException">An intact line of the file is no record of gradient norms.</exception>
    public static (GradientNormsHeader Header, GradientNormsLine Last)? ReadLast(string path)
    {
        if (!File.Exists(path) || ReadHeader(path) is not { } header || JsonLinesTail.ReadLast<GradientNormsLine>(path, hasHeader: true) is not { } last) return null;
        Check(path, header.Layers, last);
        return (header, last);
    }

    /// <summary>Counts the recorded steps; 0 where there is no file.</summary>
    public static int CountSteps(string path)
    {
        if (!File.Exists(path)) return 0;
        using var reader = new JsonLinesReader(path);
        if (reader.Read<GradientNormsHeader>() is null) return 0;
        var count = 0;
        while (reader.Read<StepOnly>() is not null) count++;
        return count;
    }

    /// <summary>Makes sure that a line has a norm for each layer.</summary>
    /// <exception cref="InvalidDataException">It has not.</exception>
    public static void Check(string path, IReadOnlyList<string> layers, GradientNormsLine line)
    {
        if (line.Norms.Count != layers.Count) throw new InvalidDataException($"{path}: step {line.Step} has {line.Norms.Count} norms for {layers.Count} layers.");
    }

    private static GradientNormsHeader? ReadHeader(string path)
    {
        using var reader = new JsonLinesReader(path);
        return reader.Read<GradientNormsHeader>();
    }

    /// <summary>A line of which the norms are not needed.</summary>
    internal sealed record StepOnly(long Step);
}
