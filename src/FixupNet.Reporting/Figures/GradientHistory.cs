using FixupNet.Runs;
using FixupNet.Runs.Records;

namespace FixupNet.Reporting.Figures;

/// <summary>The gradient norms of a trial over its steps, as far as figures show them.</summary>
/// <param name="Layers">Names of the layers in forward order.</param>
/// <param name="Chosen">Lines at some steps: the first, the last, and between them.</param>
/// <param name="Steps">First recorded step of each column of the map.</param>
/// <param name="LayersPerRow">Layers that share a row of the map.</param>
/// <param name="Codes">The map: a <see cref="NormCode"/> a cell, column by column.</param>
internal sealed record GradientHistory(
    IReadOnlyList<string> Layers, IReadOnlyList<GradientNormsLine> Chosen, IReadOnlyList<long> Steps, int LayersPerRow, IReadOnlyList<ushort[]> Codes)
{
    private const int MostColumns = 200;
    private const int MostRows = 256;
    private const int ChosenCount = 5;

    /// <summary>Reads a file twice, line by line, for it may be larger than the memory.</summary>
    /// <param name="path">The file, which need not exist.</param>
    /// <returns>The history, or null where no step was recorded.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, other than by a crash in its last line.</exception>
    public static GradientHistory? Read(string path)
    {
        var count = GradientNormsLog.CountSteps(path);
        if (count == 0) return null;
        // A trial that began anew since the lines were counted has another file, perhaps an empty one.
        using var log = GradientNormsLog.Open(path);
        if (log?.Layers is not { Count: > 0 } layers) return null;

        int[] chosenIndices = [.. Enumerable.Range(0, ChosenCount).Select(part => (int)((count - 1L) * part / (ChosenCount - 1))).Distinct()];
        var (stepsPerColumn, layersPerRow) = (Parts(count, MostColumns), Parts(layers.Count, MostRows));
        var (chosen, steps, codes) = (new List<GradientNormsLine>(), new List<long>(), new List<ushort[]>());
        for (var index = 0; index < count && log.Read() is { } line; index++)
        {
            if (chosenIndices.Contains(index)) chosen.Add(line);
            if (index % stepsPerColumn == 0)
            {
                steps.Add(line.Step);
                codes.Add(new ushort[Parts(layers.Count, layersPerRow)]);
            }
            for (var layer = 0; layer < layers.Count; layer++)
                codes[^1][layer / layersPerRow] = NormCode.Larger(codes[^1][layer / layersPerRow], NormCode.Of(line.Norms[layer]));
        }
        return chosen.Count == 0 ? null : new GradientHistory(layers, chosen, steps, layersPerRow, codes);
    }

    private static int Parts(int count, int size) => (count + size - 1) / size;
}
