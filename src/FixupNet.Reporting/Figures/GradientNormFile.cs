using FixupNet.Runs.Files;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>Reads the last line of gradient-norms.jsonl from the end of the file: with 10,000 layers a long run writes gigabytes.</summary>
internal static class GradientNormFile
{
    /// <summary>Reads the names of the layers and their norms at the last recorded step.</summary>
    /// <param name="path">The file, which need not exist.</param>
    /// <returns>Both, or null where no step was recorded yet.</returns>
    /// <exception cref="InvalidDataException">An intact line of the file is no record of gradient norms.</exception>
    public static (GradientNormsHeader Header, GradientNormsLine Last)? ReadLast(string path)
    {
        if (!File.Exists(path) || ReadHeader(path) is not { } header || JsonLinesTail.ReadLast<GradientNormsLine>(path, hasHeader: true) is not { } last) return null;
        return last.Norms.Count == header.Layers.Count
            ? (header, last)
            : throw new InvalidDataException($"{path}: step {last.Step} has {last.Norms.Count} norms for {header.Layers.Count} layers.");
    }

    private static GradientNormsHeader? ReadHeader(string path)
    {
        using var reader = new JsonLinesReader(path);
        return reader.Read<GradientNormsHeader>();
    }
}
